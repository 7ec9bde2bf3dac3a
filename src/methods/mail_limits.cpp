#include "methods/mail_limits.hpp"

#include "http/network.hpp"

#include <fmt/format.h>

namespace sallyport::methods {

std::vector<auth::Limit> mails_of_address(std::string_view peer) {
    auto const key = "mail:address:" + http::network_of(peer, 32, 64);
    return {{key, 3600, 30}, {key, 86400, 100}};
}

std::vector<auth::Limit> mails_to_account(std::string_view kind, std::string_view model, std::string_view tag) {
    return {{fmt::format("mail:{}:{}:{}", kind, model, tag), 900, 3}};
}

std::vector<auth::Limit> notices_of_account(std::string_view kind, auth::Account const& account, bool is_verified) {
    auto const key = fmt::format("notice:{}:{}:{}", kind, account.model, account.id);
    if (!is_verified) return {{key, 86400, 4}};
    return {{key, 3600, 10}, {key, 86400, 30}};
}

auth::Limit changes_of_account(std::string_view kind, auth::Account const& account) {
    return {fmt::format("change:{}:{}:{}", kind, account.model, account.id), 86400, 20};
}

}  // namespace sallyport::methods
