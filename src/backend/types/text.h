// The text of a value, without a copy where its bytes are the text already. Used by the encoder and for keys.
#pragma once

#include <string_view>

#include "backend/pg.h"
#include "backend/types/type_map.h"

namespace kalam::backend::types {

// The value's text in the database's encoding: of text types the bytes themselves (char(n) without its
// padding), of others what the output function prints. May detoast or print into the current context; the view
// is valid as long as both the value and that context.
std::string_view TextOf(const ColumnType &type, Datum value);

// While it is in force, output functions print texts that read back as the same value under any settings: ISO
// dates, all float digits, qualified names of reg* types. Costs nothing where the settings are such already.
//   const int level = EnterTextModes(qualify_names); ...; LeaveTextModes(level);
// An error in between restores the settings by itself.
inline constexpr int kNoTextModes = -1;
int EnterTextModes(bool qualify_names);
void LeaveTextModes(int level);

// Whether the text of this type names catalog objects, so that it depends on search_path.
bool PrintsObjectNames(Oid base_type);

}  // namespace kalam::backend::types
