// Writes and reads namespaces, storages and accounts as JSON; see objects.h.
#include "devserver/store/objects.h"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <initializer_list>
#include <stdexcept>
#include <utility>

namespace kalam::devserver {

namespace {

using Texts = std::initializer_list<std::pair<const char *, const std::string *>>;
using Numbers = std::initializer_list<std::pair<const char *, int64_t>>;

std::string Encode(Texts texts, Numbers numbers) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer writer(buffer);
    writer.StartObject();
    for (const auto &[key, text] : texts) {
        writer.Key(key);
        writer.String(text->data(), static_cast<rapidjson::SizeType>(text->size()));
    }
    for (const auto &[key, number] : numbers) {
        writer.Key(key);
        writer.Int64(number);
    }
    writer.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

class Reader {
 public:
    explicit Reader(std::string_view json) {
        document_.Parse(json.data(), json.size());
        if (document_.HasParseError() || !document_.IsObject()) {
            throw std::runtime_error("an object of the data file cannot be read");
        }
    }

    std::string Text(const char *key) const {
        const auto member = document_.FindMember(key);
        if (member == document_.MemberEnd()) return {};
        return {member->value.GetString(), member->value.GetStringLength()};
    }
    int64_t Number(const char *key) const {
        const auto member = document_.FindMember(key);
        return member == document_.MemberEnd() ? 0 : member->value.GetInt64();
    }

 private:
    rapidjson::Document document_;
};

}  // namespace

std::string EncodeNamespace(const Namespace &ns) {
    return Encode({{"name", &ns.name}, {"options", &ns.options_json}}, {{"created_ms", ns.created_ms}});
}

Namespace DecodeNamespace(std::string_view json) {
    const Reader reader(json);
    return {reader.Text("name"), reader.Text("options"), reader.Number("created_ms")};
}

std::string EncodeStorage(const StorageInfo &storage) {
    return Encode({{"id", &storage.id},
                   {"name", &storage.name},
                   {"description", &storage.description},
                   {"type", &storage.type},
                   {"base_directory", &storage.base_directory}},
                  {{"created_ms", storage.created_ms}, {"updated_ms", storage.updated_ms}});
}

StorageInfo DecodeStorage(std::string_view json) {
    const Reader reader(json);
    return {reader.Text("id"),          reader.Text("name"),           reader.Text("description"),
            reader.Text("type"),        reader.Text("base_directory"), reader.Number("created_ms"),
            reader.Number("updated_ms")};
}

std::string EncodeAccount(const Account &account) {
    const std::string email = account.email.value_or("");
    return Encode({{"name", &account.name},
                   {"auth_type", &account.auth_type},
                   {"password_hash", &account.password_hash},
                   {"role", &account.role},
                   {"email", &email}},
                  {{"created_ms", account.created_ms},
                   {"updated_ms", account.updated_ms},
                   {"deleted_ms", account.deleted_ms.value_or(0)}});
}

Account DecodeAccount(std::string_view json) {
    const Reader reader(json);
    Account account{.name = reader.Text("name"),
                    .auth_type = reader.Text("auth_type"),
                    .password_hash = reader.Text("password_hash"),
                    .role = reader.Text("role"),
                    .email = {},
                    .created_ms = reader.Number("created_ms"),
                    .updated_ms = reader.Number("updated_ms"),
                    .deleted_ms = {}};
    if (const std::string email = reader.Text("email"); !email.empty()) account.email = email;
    if (const int64_t deleted = reader.Number("deleted_ms"); deleted != 0) account.deleted_ms = deleted;
    return account;
}

}  // namespace kalam::devserver
