#include "crypto/bcrypt.hpp"

#include "crypto/digest.hpp"

#include <crypt.h>

#include <memory>
#include <string>

namespace sallyport::crypto {

bool is_bcrypt(std::string_view text) {
    if (text.size() != 60 || text[6] != '$') return false;
    return text.starts_with("$2a$") || text.starts_with("$2b$") || text.starts_with("$2y$");
}

bool bcrypt_matches(std::string_view password, std::string_view stored) {
    auto const is_whole = password.size() <= 72 && password.find('\0') == std::string_view::npos;
    auto const working_space = std::make_unique<crypt_data>();  // 32 KiB: too large for a coroutine's or pool's stack.
    std::string const setting{stored};
    std::string const text{is_whole ? password : std::string_view{}};
    auto const* const made = crypt_r(text.c_str(), setting.c_str(), working_space.get());
    return made != nullptr && equal_in_constant_time(made, stored) && is_whole;
}

}  // namespace sallyport::crypto
