-- KalamDB stores values of enums and row types as text: changes of the types that this text would not survive are refused.
BEGIN;
SELECT plan(17);

CREATE SCHEMA pgtap_types;
SET LOCAL search_path = pgtap_types, public;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE listed AS ENUM ('a');
CREATE TYPE wrapped AS ENUM ('a');
CREATE TYPE nested AS ENUM ('a');
CREATE TYPE unused AS ENUM ('a');
CREATE DOMAIN wrapping AS wrapped;
CREATE TYPE nesting AS (n nested, i int);
CREATE TABLE plain (id int, u unused);
CREATE TABLE uses (id bigint PRIMARY KEY, m mood, l listed[], w wrapping, n nesting, p plain) USING kalamdb;
INSERT INTO uses VALUES (1, 'ok', '{a}', 'a', ROW('a', 1), ROW(1, 'a'));

SELECT throws_ok('ALTER TYPE mood RENAME VALUE ''ok'' TO ''fine''', '0A000',
                 'cannot rename a value of type mood because column "uses.m" uses it', 'RENAME VALUE of an enum in use');
SELECT throws_ok('ALTER TYPE listed RENAME VALUE ''a'' TO ''b''', '0A000', NULL, 'in an array');
SELECT throws_ok('ALTER TYPE wrapped RENAME VALUE ''a'' TO ''b''', '0A000', NULL, 'under a domain');
SELECT throws_ok('ALTER TYPE nested RENAME VALUE ''a'' TO ''b''', '0A000', NULL, 'in a row type');
SELECT throws_ok('ALTER TYPE unused RENAME VALUE ''a'' TO ''b''', '0A000', NULL, 'in the rows of a table');
SELECT throws_ok('ALTER TYPE nosuch RENAME VALUE ''a'' TO ''b''', '42704', NULL, 'PostgreSQL judges first');
SELECT lives_ok('ALTER TYPE mood ADD VALUE ''fine''', 'another value is no matter');
SELECT lives_ok('ALTER TYPE mood RENAME TO humour', 'nor is the name of the type');

SELECT throws_ok('ALTER TYPE nesting ADD ATTRIBUTE x int', '0A000', 'cannot alter type nesting because column "uses.n" uses it',
                 'ADD ATTRIBUTE of a row type in use');
SELECT throws_ok('ALTER TYPE nesting DROP ATTRIBUTE i', '0A000', NULL, 'DROP ATTRIBUTE');
SELECT throws_ok('ALTER TYPE nesting ALTER ATTRIBUTE i TYPE text', '0A000', NULL, 'ALTER ATTRIBUTE');
SELECT lives_ok('ALTER TYPE nesting RENAME ATTRIBUTE i TO j', 'names of attributes are not stored');
SELECT throws_ok('ALTER TABLE plain ADD COLUMN x int', '0A000', 'cannot alter type plain because column "uses.p" uses it',
                 'a table whose row type is in use');
SELECT lives_ok('ALTER TABLE plain ALTER COLUMN id SET NOT NULL', 'other changes of it are no matter');
SELECT results_eq('SELECT (n).j, (p).id FROM uses', 'VALUES (1, 1)', 'the rows can be read');

SET LOCAL kalam.mirror_ddl = off;
SELECT lives_ok('ALTER TYPE nesting ADD ATTRIBUTE x int', 'for who knows better');
SET LOCAL kalam.mirror_ddl = on;
ALTER TABLE uses DROP COLUMN n;
SELECT lives_ok('ALTER TYPE nested RENAME VALUE ''a'' TO ''b''', 'after the column is gone');

SELECT * FROM finish();
ROLLBACK;
