// A set of keys as texts: the keys that a lookup asks for, or those that a statement has dealt with. Called
// by scans and writes. Lives in the memory context it was made in.
#pragma once

#include <string_view>

#include "backend/pg.h"

namespace kalam::backend {

struct KeySet;

KeySet *MakeKeySet();

// Adds a key; false if it was in already. Copies it.
bool AddKey(KeySet *set, std::string_view key);

bool HasKey(const KeySet *set, std::string_view key);

// Whether the key is in the set and this is the first time that it is asked for.
bool TakeKey(KeySet *set, std::string_view key);

// Makes all keys be asked for the first time again.
void RestoreKeys(KeySet *set);

}  // namespace kalam::backend
