// Compiles and applies equality filters, with KalamDB's rules for each column type; see filter.h.
#include "devserver/scan/filter.h"

#include "devserver/error.h"
#include "devserver/scan/cells.h"
#include "devserver/sql/names.h"
#include "devserver/values/value_text.h"

namespace kalam::devserver {

namespace {

// A literal of a temporal column is read while the plan is simplified; a malformed one is that step's error.
template <typename Parsed>
int64_t Temporal(const Parsed &parsed) {
    if (!parsed) {
        Throw(Code::kInternal,
              "Optimizer rule 'simplify_expressions' failed\ncaused by\nArrow error: " + parsed.error());
    }
    return *parsed;
}

[[noreturn]] void RefuseComparison(const DataType &type) {
    Throw(Code::kInternal,
          "type_coercion\ncaused by\nError during planning: Cannot infer common argument type for "
          "comparison operation " +
              DisplayName(type) + " = Utf8");
}

}  // namespace

void RefuseField(const TableDef &def, const std::string &name) {
    std::string text = "Schema error: No field named " + name + ". Valid fields are ";
    for (size_t i = 0; i < def.columns.size(); ++i) {
        text += (i == 0 ? "\"?table?\"." : ", \"?table?\".") + def.columns[i].name;
    }
    Throw(Code::kInternal, text + ".");
}

RowFilter::RowFilter(const TableDef &def, const EqualityFilters &filters) {
    for (const auto &[name, text] : filters) {
        const std::string folded = sql::FoldCase(name);
        const int index = def.FindColumn(folded);
        if (index < 0) RefuseField(def, folded);
        const Column &column = def.columns[index];
        if (column.slot == kDeletedSlot) asks_for_deleted_ = true;
        Term term = Compile(column, text);
        if (column.key && !term.value.is_null()) key_ = ToText(term.value);
        terms_.push_back(std::move(term));
    }
}

// The literal in the column's type where KalamDB types it; else texts are compared (decimals must be written with
// their exact scale, and a word never equals a number).
RowFilter::Term RowFilter::Compile(const Column &column, const std::string &text) {
    const DataType type = ArrowType(column.type);
    Term term{&column, Value(), text};
    switch (type.id) {
        case TypeId::kUtf8:
            term.value = Value::Text(text);
            break;
        case TypeId::kBinary:
            term.value = Value::Bytes(text);
            break;
        case TypeId::kDate32:
            term.value = Value::Int(Temporal(ParseDate(text)), type);
            break;
        case TypeId::kTime64:
            term.value = Value::Int(Temporal(ParseTime(text)), type);
            break;
        case TypeId::kTimestampUs:
            term.value = Value::Int(Temporal(ParseTimestamp(text)), type);
            break;
        case TypeId::kFixedSizeBinary:
        case TypeId::kEmbedding:
            RefuseComparison(type);
        case TypeId::kDecimal128:
            break;
        default:
            if (auto parsed = ParseKey(text, type)) term.value = std::move(*parsed);
    }
    return term;
}

bool RowFilter::Matches(const Version &version) const {
    for (const Term &term : terms_) {
        const auto cell = ReadCell(version, *term.column);
        if (!cell) Throw(Code::kInternal, "Execution error: " + cell.error());
        if (cell->is_null()) return false;
        const bool equal =
            term.value.is_null() ? ToText(*cell) == term.text : Compare(*cell, term.value) == 0;
        if (!equal) return false;
    }
    return true;
}

}  // namespace kalam::devserver
