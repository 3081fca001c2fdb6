// One column of a record batch while it grows: validity bitmap, offsets, data.
// Called by ipc_writer.cc only. One builder, one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "devserver/values/value.h"

namespace kalam::devserver::arrow {

class ColumnBuilder {
 public:
    ColumnBuilder(const DataType &type, std::size_t expected_rows);

    void Append(const Value &value);

    std::size_t count() const { return count_; }
    std::size_t null_count() const { return null_count_; }
    const DataType &type() const { return type_; }

    // The buffers in the order the format wants them: validity, [offsets,] data; an embedding's items come as
    // a second, nested column (validity of all ones, data). Views die with the builder.
    struct Node {
        std::size_t length;
        std::size_t null_count;
        std::vector<std::string_view> buffers;
    };
    std::vector<Node> Nodes();

 private:
    void AppendBit(std::string &bits, bool bit);
    void AppendFixed(const Value &value, bool null);
    void AppendBytes(std::string_view bytes);

    DataType type_;
    std::size_t width_;  // bytes a cell takes in data_; 0 for bits and variable lengths
    std::size_t count_ = 0;
    std::size_t null_count_ = 0;
    std::string validity_;
    std::string item_validity_;
    std::vector<std::int32_t> offsets_;
    std::string data_;
};

}  // namespace kalam::devserver::arrow
