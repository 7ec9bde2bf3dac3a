#include "methods/account_mail.hpp"

#include "delivery/message_text.hpp"
#include "methods/credentials.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace sallyport::methods {
namespace {

std::string text_of(Json const& object, std::string_view name, std::string_view otherwise) {
    auto const& value = object[name];
    return value.is_string() && !value.as_string().empty() ? value.as_string() : std::string{otherwise};
}

Message mail_to(definition::Model const& model, Json const& user, Message::Kind kind) {
    Message message;
    message.kind = kind;
    message.channel = "email";
    message.model = model.name;
    message.account = text_of(user, "email", "");
    message.to = message.account;
    return message;
}

// Where the model says that the API is reached; else where the app says so.
std::string api_address(AccountRules const& rules, Json const& options) {
    auto const root = text_of(options, "restApiRoot", rules.api_root);
    auto const host = text_of(options, "host", "");
    if (host.empty()) return rules.base_url + root;
    auto const scheme = text_of(options, "protocol", rules.base_url.substr(0, rules.base_url.find(':')));
    auto const& given = options["port"];
    auto const port = given.is_nothing() ? std::string{} : to_display(given);
    auto const is_usual = port.empty() || (scheme == "https" ? port == "443" : port == "80");
    return fmt::format("{}://{}{}{}", scheme, host, is_usual ? "" : ":" + port, root);
}

Headers mail_headers(Json const& options) {
    Headers headers;
    auto const& given = options["headers"];
    if (!given.is_object()) return headers;
    for (auto const& [name, value] : given.as_object()) headers.emplace_back(name, to_display(value));
    return headers;
}

std::string confirm_link(AccountRules const& rules, definition::Model const& model, Json const& user,
                         Json const& options, std::string const& token) {
    auto link = text_of(options, "verifyHref", "");
    if (link.empty()) {
        link = fmt::format("{}{}/confirm?uid={}&redirect={}", api_address(rules, options), model.http_path,
                           delivery::escape_url(to_display(user["id"])),
                           delivery::escape_url(text_of(options, "redirect", "/")));
    }
    link += link.find('?') == std::string::npos ? '?' : '&';
    return link + "token=" + delivery::escape_url(token);
}

// A link of the side that gets it: "new" or "old".
Message change_mail(AccountRules const& rules, definition::Model const& model, Json const& user, std::string_view side,
                    std::string const& address, std::string const& token) {
    auto message = mail_to(model, user, Message::Kind::verification);
    auto const link = fmt::format("{}/change-email#token={}&side={}&at={}{}", rules.base_url, token, side,
                                  rules.api_root, model.http_path);
    rules.mails.word(message, fmt::format("{}-address", side),
                     {{"email", message.account}, {"new", address}, {"href", link}});
    message.secret = token;
    return message;
}

}  // namespace

Message verification_mail(AccountRules const& rules, definition::Model const& model, Json const& user,
                          std::string const& token, std::int64_t expires_at) {
    auto const& options = model.settings["verifyOptions"];
    auto const link = confirm_link(rules, model, user, options, token);
    auto message = mail_to(model, user, Message::Kind::verification);
    message.from = text_of(options, "from", "");
    message.subject = text_of(options, "subject", "");
    message.headers = mail_headers(options);
    rules.mails.word(message, {{"email", message.account}, {"href", link}});
    if (auto const own = text_of(options, "text", ""); !own.empty()) {
        message.text = delivery::filled(
            own, [&](std::string_view name) { return name == "href" ? std::optional{link} : std::nullopt; });
        message.html.clear();
    }
    message.secret = token;
    message.expires_at = expires_at;
    return message;
}

std::string reset_link(AccountRules const& rules, definition::Model const& model, std::string const& token) {
    return fmt::format("{}/reset-password#token={}&at={}{}", rules.base_url, token, rules.api_root, model.http_path);
}

Message reset_mail(AccountRules const& rules, definition::Model const& model, Json const& user,
                   std::string const& token, std::int64_t expires_at) {
    auto message = mail_to(model, user, Message::Kind::reset);
    auto const link = reset_link(rules, model, token);
    rules.mails.word(message, {{"email", message.account}, {"href", link}});
    message.secret = token;
    message.expires_at = expires_at;
    return message;
}

Message notice_mail(AccountRules const& rules, definition::Model const& model, Json const& user, std::string what) {
    auto message = mail_to(model, user, Message::Kind::notice);
    rules.mails.word(message, {{"email", message.account}, {"what", std::move(what)}});
    return message;
}

Message new_address_mail(AccountRules const& rules, definition::Model const& model, Json const& user,
                         std::string const& address, std::string const& token, std::int64_t expires_at) {
    auto message = change_mail(rules, model, user, "new", address, token);
    message.to = address;
    message.expires_at = expires_at;
    return message;
}

Message old_address_mail(AccountRules const& rules, definition::Model const& model, Json const& user,
                         std::string const& address, std::string const& token, std::int64_t expires_at) {
    auto message = change_mail(rules, model, user, "old", address, token);
    message.expires_at = expires_at;
    return message;
}

bool is_own_path(std::string_view redirect) {
    if (!redirect.starts_with('/') || redirect.starts_with("//")) return false;
    return std::ranges::all_of(redirect, [](unsigned char c) { return c > 0x20 && c < 0x7f && c != '\\'; });
}

}  // namespace sallyport::methods
