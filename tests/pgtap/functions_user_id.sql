-- kalam_user_id(): the setting, what blanks mean, and who goes before it.
BEGIN;
SELECT plan(6);
SET LOCAL kalam.user_id = '';
SELECT is(kalam_user_id(), NULL, 'empty is nobody');
SET LOCAL kalam.user_id = '   ';
SELECT is(kalam_user_id(), NULL, 'blanks are nobody');
SET LOCAL kalam.user_id = 'alice';
SELECT is(kalam_user_id(), 'alice', 'the setting');
SET LOCAL kalam.user_id = 'Älice';
SELECT is(kalam_user_id(), 'Älice', 'any letters');

CREATE USER MAPPING FOR CURRENT_USER SERVER kalam_server OPTIONS (user_id 'pinned');
SELECT is(kalam_user_id(), 'pinned', 'a user mapping pins the identity');
DROP USER MAPPING FOR CURRENT_USER SERVER kalam_server;
SELECT is(kalam_user_id(), 'Älice', 'without it the setting counts again');
SELECT * FROM finish();
ROLLBACK;
