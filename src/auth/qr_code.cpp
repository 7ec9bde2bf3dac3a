#include "auth/qr_code.hpp"

#include <fmt/format.h>
#include <qrcodegen/qrcodegen.hpp>

namespace sallyport::auth {

std::string qr_svg(std::string_view text) {
    using qrcodegen::QrCode;
    constexpr int margin = 4;  // modules
    auto const code = QrCode::encodeText(std::string{text}.c_str(), QrCode::Ecc::MEDIUM);
    auto const size = code.getSize();
    std::string path;
    for (int y = 0; y < size; ++y) {
        for (int x = 0; x < size; ++x) {
            if (code.getModule(x, y)) path += fmt::format("M{} {}h1v1h-1z", x + margin, y + margin);
        }
    }
    return fmt::format(R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}" shape-rendering="crispEdges">)"
                       R"(<path fill="#fff" d="M0 0h{0}v{0}h-{0}z"/><path d="{1}"/></svg>)",
                       size + 2 * margin, path);
}

}  // namespace sallyport::auth
