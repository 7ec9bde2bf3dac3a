// One spelling for texts that look the same: Unicode's Normalization Form C (UAX #15).

#pragma once

#include <string>
#include <string_view>

namespace sallyport::crypto {

/// `text` in NFC; as it is where it is not UTF-8. Nothing else is changed: no trimming, no case folding.
std::string to_nfc(std::string_view text);

}  // namespace sallyport::crypto
