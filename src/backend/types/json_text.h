// JSON strings written straight into a StringInfo. Used by the row encoder and the JSON printer of answers.
#pragma once

#include <string_view>

#include "backend/pg.h"

namespace kalam::backend::types {

// Appends the text with what JSON wants escaped, without quotes. Any encoding in which ASCII bytes are ASCII
// characters (all server encodings, UTF-8).
void AppendEscaped(StringInfo out, std::string_view text);

inline void AppendBytes(StringInfo out, std::string_view bytes) {
    appendBinaryStringInfo(out, bytes.data(), static_cast<int>(bytes.size()));
}

}  // namespace kalam::backend::types
