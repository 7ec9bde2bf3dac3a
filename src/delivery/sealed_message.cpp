#include "delivery/sealed_message.hpp"

#include "crypto/seal.hpp"
#include "sallyport/json.hpp"

#include <utility>

namespace sallyport::delivery {
namespace {

std::string row_of(std::string_view id) { return "sallyport_outbox:" + std::string{id}; }

std::string text_of(Json const& message, std::string_view name) {
    auto const& value = message[name];
    return value.is_string() ? value.as_string() : std::string{};
}

Json to_json(Headers const& headers) {
    JsonArray list;
    for (auto const& [name, value] : headers) list.emplace_back(JsonArray{name, value});
    return list;
}

Headers to_headers(Json const& list) {
    Headers headers;
    if (!list.is_array()) return headers;
    for (auto const& header : list.as_array())
        headers.emplace_back(header.as_array()[0].as_string(), header.as_array()[1].as_string());
    return headers;
}

std::int64_t whole_of(Json const& message, std::string_view name) {
    auto const& value = message[name];
    return value.is_number() ? static_cast<std::int64_t>(value.as_number()) : 0;
}

}  // namespace

std::string seal_parcel(crypto::Keys const& keys, Parcel const& parcel) {
    auto const& message = parcel.message;
    JsonArray charged(parcel.charged.begin(), parcel.charged.end());
    Json const record{JsonObject{{"kind", static_cast<int>(message.kind)},
                                 {"channel", message.channel},
                                 {"model", message.model},
                                 {"account", message.account},
                                 {"to", message.to},
                                 {"from", message.from},
                                 {"subject", message.subject},
                                 {"text", message.text},
                                 {"html", message.html},
                                 {"headers", to_json(message.headers)},
                                 {"secret", message.secret},
                                 {"expiresAt", message.expires_at},
                                 {"charged", std::move(charged)}}};
    return crypto::seal(keys, to_text(record), row_of(message.id));
}

std::optional<Parcel> unseal_parcel(crypto::Keys const& keys, std::string_view sealed, std::string_view id) {
    auto const text = crypto::unseal(keys, sealed, row_of(id));
    if (!text) return std::nullopt;
    auto const record = parse_json(*text);
    Parcel parcel;
    if (auto const& charged = record["charged"]; charged.is_array()) {
        for (auto const& key : charged.as_array()) parcel.charged.push_back(key.is_string() ? key.as_string() : "");
    }
    parcel.message = {.kind = static_cast<Message::Kind>(whole_of(record, "kind")),
                      .id = std::string{id},
                      .channel = text_of(record, "channel"),
                      .model = text_of(record, "model"),
                      .account = text_of(record, "account"),
                      .to = text_of(record, "to"),
                      .from = text_of(record, "from"),
                      .subject = text_of(record, "subject"),
                      .text = text_of(record, "text"),
                      .html = text_of(record, "html"),
                      .headers = to_headers(std::as_const(record)["headers"]),
                      .secret = text_of(record, "secret"),
                      .expires_at = whole_of(record, "expiresAt")};
    return parcel;
}

}  // namespace sallyport::delivery
