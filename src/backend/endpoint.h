// What a foreign server's options say to the current user: whom to connect to and how. Made from the catalog
// per statement (so that ALTER SERVER acts on the next one), cached by server and user mapping, invalidated
// by the syscaches. Called by everything that makes a remote call. Raises on options that contradict each
// other, never on the network.
#pragma once

#include <string_view>

#include "backend/pg.h"
#include "common/message.h"

namespace kalam::backend {

struct Endpoint {
    Oid server_id;
    const char *server_name;
    const char *address;         // "host:port", for messages
    uint32_t timeout_ms;         // the server option `timeout`; 0: none
    const char *pinned_user_id;  // user mapping option `user_id`; null: none
    common::EndpointId id;
    common::EndpointConfig config;  // secrets: goes to the worker, never into a message
};

// The endpoint of a server for the current user. The result lives to the end of the transaction at least; ask
// again per statement, so that ALTER SERVER acts. Needs a transaction. Errors: FDW_OPTION_NAME_NOT_FOUND (no
// host or port), FDW_INVALID_ATTRIBUTE_VALUE (contradictions), 28000 (a header that cannot be sent), file
// errors of certificates.
const Endpoint *GetEndpoint(Oid server_id);

// A copy in the current memory context, with everything it refers to.
Endpoint *CopyEndpoint(const Endpoint *endpoint);
// The same with another address: another node of the same cluster, reached with the same credentials. Its id is one of
// its own even if a foreign server is configured with that address, so that in a transaction over both each has a
// session, and with it a remote transaction, to itself.
Endpoint *CopyEndpointTo(const Endpoint *endpoint, std::string_view host, uint16_t port);

// The same by name, for users with USAGE on it (else 42501); 42704 if there is no such foreign server of ours.
const Endpoint *GetEndpointByName(const char *server_name);

// Whether a foreign server belongs to a wrapper with our handler.
bool IsKalamServer(Oid server_id);

inline constexpr char kDefaultServerName[] = "kalam_server";

// Whether a user id can be one: the server dies of a name with ".." or "/" (it becomes part of a path), and trims blanks,
// so that two names would be one user.
bool CanBeUserId(const char *user_id);

// The identity that requests carry: the mapping's pinned user_id, else kalam.user_id; null when unset or
// blank.
const char *CurrentUserId(const Endpoint *endpoint);

// As CurrentUserId, of a server that need not exist nor be complete: for kalam_user_id(). palloc'd or the
// setting itself.
const char *CurrentUserIdAt(const char *server_name);

// As CurrentUserId, but an error that names kalam.user_id where there is none (`doing`: "query", "insert
// into", ...), or where KalamDB cannot take it (.., /, \, control characters).
const char *RequireUserId(const Endpoint *endpoint, const char *doing, const char *relation_name);

}  // namespace kalam::backend
