// A shipped gateway is a description like anybody's: what the provider's documentation says, written down once.

#include "delivery/sms_gateway.hpp"

#include "crypto/digest.hpp"
#include "definition/finding.hpp"
#include "delivery/gateway_answer.hpp"
#include "delivery/message_text.hpp"
#include "http/header_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace sallyport::delivery {
namespace {

using definition::Finding;

// Failures come as messages[].status under HTTP 200: 1 is throttled, 5 an error inside, 13 one of communication. The
// answer has an entry for each part of a long text.
constexpr std::string_view vonage = R"({
  "url": "https://rest.nexmo.com/sms/json",
  "form": {
    "api_key": "{apiKey}", "api_secret": "{apiSecret}", "from": "{from}", "to": "{digits}", "text": "{text}",
    "ttl": "{ttlMs}", "client-ref": "{id}"
  },
  "accepted": {"status": 200, "where": {"/messages/*/status": "0"}},
  "retry": [{"status": 200, "where": {"/messages/*/status": ["1", "5", "13"]}}, {"status": [429, 500, 503]}],
  "refused": [
    {"status": 200, "where": {"/messages/*/status": ["2", "3", "4", "6", "7", "8", "9", "10", "11", "12", "14", "15",
      "16", "17", "18", "19", "20", "22", "23", "29", "32", "33"]}},
    {"status": ["3xx", "4xx"]}
  ]
})";

constexpr std::string_view twilio = R"({
  "url": "https://api.twilio.com/2010-04-01/Accounts/{accountSid}/Messages.json",
  "auth": {"user": "{accountSid}", "password": "{authToken}"},
  "form": {
    "To": "{to}", "From": "{from}", "MessagingServiceSid": "{messagingServiceSid}", "Body": "{text}",
    "ValidityPeriod": "{ttl}"
  },
  "accepted": {"status": [200, 201], "where": {"/sid": "*"}}
})";

// Where a description does not say otherwise. 502 and 504 come from something between, which does not know.
constexpr std::string_view general = R"({
  "method": "POST",
  "accepted": {"status": ["2xx"]},
  "retry": {"status": [429, 500, 503]},
  "refused": {"status": ["3xx", "4xx", 501]}
})";

struct Needs {
    std::string_view gateway;
    std::vector<std::string_view> all;
    std::vector<std::string_view> one_of;
};

std::vector<Needs> const needs{
    {"vonage", {"apiKey", "apiSecret", "from"}, {}},
    {"twilio", {"accountSid", "authToken"}, {"from", "messagingServiceSid"}},
    {"http", {"url"}, {}},
};

constexpr std::string_view of_message[] = {"to", "digits", "text", "code", "id", "ttl", "ttlMs"};

constexpr std::int64_t shortest_life_s = 20;  // Vonage takes no less.

std::string gateway_of(Json const& settings) {
    auto const& name = settings["gateway"];
    return name.is_string() ? name.as_string() : std::string{};
}

// The shipped description with what the data source itself says on top, so that a provider's regional host is one line.
Json description_of(definition::Settings& settings) {
    auto const gateway = settings.text("gateway");
    auto description = parse_json(general);
    auto put = [&](JsonObject const& members) {
        for (auto const& [name, value] : members) description[name] = value;
    };
    if (gateway == "vonage") put(parse_json(vonage).as_object());
    if (gateway == "twilio") put(parse_json(twilio).as_object());
    for (std::string_view const key :
         {"url", "method", "headers", "auth", "form", "json", "xml", "accepted", "retry", "refused"}) {
        if (auto const& own = settings.given(key); !own.is_undefined()) description[key] = own;
    }
    return description;
}

std::map<std::string, std::string, std::less<>> texts_of(definition::Settings& settings) {
    std::map<std::string, std::string, std::less<>> texts;
    for (std::string_view const name :
         {"from", "apiKey", "apiSecret", "accountSid", "authToken", "messagingServiceSid"}) {
        auto const& value = settings.given(name);
        texts.emplace(name, value.is_string() ? value.as_string() : "");
    }
    if (auto const& own = settings.given("values"); own.is_object()) {
        for (auto const& [name, value] : own.as_object()) texts.insert_or_assign(name, to_display(value));
    }
    return texts;
}

/// Calls `visit` with every text of a description that may have places.
template <class Visit>
void each_template(Json const& value, Visit visit) {
    if (value.is_string()) visit(value.as_string());
    if (value.is_array()) {
        for (auto const& item : value.as_array()) each_template(item, visit);
    }
    if (value.is_object()) {
        for (auto const& [name, member] : value.as_object()) each_template(member, visit);
    }
}

/// What stands for a name.
using Fill = std::function<std::optional<std::string>(std::string_view name)>;

/// `value` with its places filled.
Json filled_json(Json const& value, Fill const& value_of) {
    if (value.is_string()) return filled(value.as_string(), value_of);
    if (value.is_array()) {
        JsonArray items;
        for (auto const& item : value.as_array()) items.push_back(filled_json(item, value_of));
        return items;
    }
    if (!value.is_object()) return value;
    JsonObject members;
    for (auto const& [name, member] : value.as_object()) members.set(name, filled_json(member, value_of));
    return members;
}

template <class Escape>
Fill escaped(Fill const& plain, Escape escape) {
    return [&plain, escape](std::string_view name) { return std::optional{escape(*plain(name))}; };
}

struct Body {
    std::string type;
    std::string text;
};

Body body_of(Json const& description, Fill const& plain) {
    if (auto const& form = description["form"]; form.is_object()) {
        Body body{"application/x-www-form-urlencoded", {}};
        for (auto const& [name, value] : form.as_object()) {
            auto const text = filled(to_display(value), plain);
            if (text.empty()) continue;  // Such as "From", where a messaging service chooses it.
            if (!body.text.empty()) body.text += '&';
            body.text += escape_form(name) + "=" + escape_form(text);
        }
        return body;
    }
    if (auto const& json = description["json"]; !json.is_undefined())
        return {"application/json", to_text(filled_json(json, plain))};
    if (auto const& xml = description["xml"]; xml.is_string())
        return {"application/xml; charset=utf-8", filled(xml.as_string(), escaped(plain, escape_xml))};
    return {};
}

void add_headers(std::vector<std::pair<std::string, std::string>>& headers, Json const& description,
                 Fill const& plain) {
    if (auto const& auth = description["auth"]; auth.is_object()) {
        auto const pair = filled(to_display(auth["user"]), plain) + ":" + filled(to_display(auth["password"]), plain);
        headers.emplace_back("Authorization", "Basic " + crypto::to_base64(pair));
    }
    if (auto const& own = description["headers"]; own.is_object()) {
        for (auto const& [name, value] : own.as_object()) {
            std::erase_if(headers, [&](auto const& header) { return header.first == name; });
            headers.emplace_back(name, http::without_controls(filled(to_display(value), plain)));
        }
    }
}

bool has_text(definition::DataSource const& source, std::string_view name) {
    auto const& value = source.settings[name];
    return value.is_string() ? !value.as_string().empty() : value.is_object();
}

void check_needs(definition::DataSource const& source, std::vector<Finding>& mistakes) {
    auto const gateway = gateway_of(source.settings);
    auto const found = std::ranges::find(needs, std::string_view{gateway}, &Needs::gateway);
    if (found == needs.end()) return;
    for (auto const name : found->all) {
        if (!has_text(source, name))
            mistakes.push_back(
                {.text = fmt::format("the gateway \"{}\" needs \"{}\"", gateway, name),
                 .hint = fmt::format("add \"{}\": \"...\", or \"${{VAR}}\" for one of the environment", name)});
    }
    if (found->one_of.empty()) return;
    if (std::ranges::any_of(found->one_of, [&](auto name) { return has_text(source, name); })) return;
    std::vector<std::string> const names{found->one_of.begin(), found->one_of.end()};
    mistakes.push_back({.text = fmt::format("the gateway \"{}\" needs {}", gateway, definition::one_of(names)),
                        .hint = "add one of them"});
}

void check_places(definition::Settings& settings, Json const& description, std::vector<Finding>& mistakes) {
    auto const texts = texts_of(settings);
    std::vector<std::string> known{std::begin(of_message), std::end(of_message)};
    for (auto const& [name, text] : texts) known.push_back(name);
    bool has_text_place = false;
    auto const visit = [&](std::string const& text) {
        for (auto const& place : places_in(text)) {
            has_text_place = has_text_place || place == "text" || place == "code";
            if (std::ranges::find(known, place) != known.end()) continue;
            auto hint = definition::did_you_mean(place, known);
            mistakes.push_back({.text = fmt::format("nothing fills {{{}}}", place),
                                .hint = hint.empty()
                                            ? fmt::format("there are {{to}}, {{digits}}, {{text}}, {{code}}, {{id}}, "
                                                          "{{ttl}}, {{ttlMs}}, {{from}}, and what \"values\" has")
                                            : hint});
        }
    };
    for (auto const* part : {"url", "headers", "auth", "form", "json", "xml"}) each_template(description[part], visit);
    if (!has_text_place)
        mistakes.push_back({.text = "the request carries no message",
                            .hint = "put \"{text}\" (or \"{code}\") where the provider wants it"});
}

void check_url(definition::DataSource const& source, Json const& description, std::vector<Finding>& mistakes) {
    auto const& url = description["url"];
    if (!url.is_string()) return;
    auto const is_private = source.settings["allowPrivate"] == Json{true};
    if (url.as_string().starts_with("https://") || (is_private && url.as_string().starts_with("http://"))) return;
    mistakes.push_back(
        {.text = "a gateway's \"url\" must begin with \"https://\"",
         .hint = "codes and passwords would be read on the way; plain HTTP goes with \"allowPrivate\": true only"});
}

void check_method(Json const& method, std::vector<Finding>& mistakes) {
    std::vector<std::string> const verbs{"GET", "POST", "PUT", "PATCH"};
    if (method.is_string() && std::ranges::find(verbs, method.as_string()) != verbs.end()) return;
    mistakes.push_back({.text = fmt::format("{} is no method of a gateway", to_text(method)),
                        .hint = "use " + definition::one_of(verbs)});
}

}  // namespace

std::span<std::string const> gateway_names() {
    static std::vector<std::string> const names{"vonage", "twilio", "http", "console"};
    return names;
}

std::vector<Finding> gateway_mistakes(definition::DataSource const& source) {
    std::vector<Finding> mistakes;
    auto const gateway = gateway_of(source.settings);
    auto const names = gateway_names();
    if (std::ranges::find(names, gateway) == names.end()) {
        auto hint = definition::did_you_mean(gateway, names);
        mistakes.push_back({.text = gateway.empty() ? "an \"sms\" data source needs a \"gateway\""
                                                    : fmt::format("there is no gateway \"{}\"", gateway),
                            .hint = hint.empty() ? "use " + definition::one_of(names) : hint});
        return mistakes;
    }
    if (gateway == "console") return mistakes;
    check_needs(source, mistakes);
    definition::Settings settings{source.settings, source.places};
    auto const description = description_of(settings);
    check_method(description["method"], mistakes);
    check_url(source, description, mistakes);
    check_places(settings, description, mistakes);
    for (auto const* name : {"accepted", "retry", "refused"}) {
        if (is_condition(description[name])) continue;
        mistakes.push_back(
            {.text = fmt::format("\"{}\" is no condition", name),
             .hint =
                 R"(write {"status": [200, "2xx"], "where": {"/path/in/the/answer": "value"}, "contains": "text"}, or a list of such)"});
    }
    return mistakes;
}

SmsGateway::SmsGateway(std::string name, definition::Settings settings)
    : name_{std::move(name)}, description_{description_of(settings)}, settings_{texts_of(settings)} {
    using std::chrono::milliseconds;
    auto const deadline = settings.number("timeout", static_cast<double>(rules_.deadline.count()));
    rules_.deadline = milliseconds{static_cast<std::int64_t>(deadline)};
    rules_.connect_time = std::min(rules_.connect_time, rules_.deadline);
    rules_.allow_private = settings.flag("allowPrivate", false);
    rules_.certificate_authorities = settings.text("ca");
    drops_doubles_ = settings.flag("dropsDoubles", false);
}

SmsGateway::SmsGateway(definition::DataSource const& source)
    : SmsGateway{source.name, definition::Settings{source.settings, source.places}} {}

SmsGateway::Values SmsGateway::values_of(Message const& message, std::int64_t now) const {
    auto values = settings_;
    auto const left = std::max(shortest_life_s, (message.expires_at - now) / 1000);
    values["to"] = message.to;
    values["digits"] = message.to.starts_with('+') ? message.to.substr(1) : message.to;
    values["text"] = message.text;
    values["code"] = message.secret;
    values["id"] = message.id;
    values["ttl"] = std::to_string(left);
    values["ttlMs"] = std::to_string(left * 1000);
    return values;
}

http::OutboundRequest SmsGateway::request_for(Message const& message, std::int64_t now) const {
    auto const values = values_of(message, now);
    Fill const plain = [&](std::string_view name) {
        auto const found = values.find(name);
        return found == values.end() ? std::string{} : found->second;
    };
    auto body = body_of(description_, plain);
    http::OutboundRequest request;
    request.verb = description_["method"].as_string();
    request.url = filled(description_["url"].as_string(), escaped(plain, escape_url));
    if (request.verb != "GET") {
        request.body = std::move(body.text);
        if (!body.type.empty()) request.headers.emplace_back("Content-Type", body.type);
    } else if (!body.text.empty()) {
        request.url += (request.url.contains('?') ? "&" : "?") + body.text;
    }
    request.headers.emplace_back("Accept", "application/json, */*;q=0.5");
    add_headers(request.headers, description_, plain);
    return request;
}

Judgement SmsGateway::judge(http::OutboundReply const& reply) const {
    std::string why = fmt::format("status {}", reply.status);
    std::string other = why;
    if (answers(description_["accepted"], reply, why)) return {Verdict::accepted, "accepted"};
    if (answers(description_["retry"], reply, other)) return {Verdict::later, why};
    if (answers(description_["refused"], reply, other)) return {Verdict::refused, why};
    return {Verdict::unclear, why};
}

}  // namespace sallyport::delivery
