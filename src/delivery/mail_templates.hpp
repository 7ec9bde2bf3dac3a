// The words of the mails an app sends: built in, or the app's own in server/mails.

#pragma once

#include "definition/finding.hpp"
#include "sallyport/sender.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::delivery {

/// One mail with places: "{href}". `html` is "" where there is text alone.
struct MailTemplate {
    std::string subject;
    std::string text;
    std::string html;
};

/// Immutable once made; any thread may use it.
class MailTemplates {
public:
    using Values = std::map<std::string, std::string, std::less<>>;

    /// The built-in ones.
    MailTemplates();

    /// Those of a folder in their place: code, new-address, notice, old-address, reset and verification, each .txt
    /// ("Subject: ..." may be the first line) and .html. A text without its HTML is sent alone. A folder that is not
    /// there changes nothing. Mistakes name the file alone: "reset.html".
    MailTemplates(std::filesystem::path const& folder, std::vector<definition::Finding>& mistakes);

    /// Sets text, HTML and, where it has none yet, the subject of a mail by its kind. Values are escaped in HTML.
    /// Places there are: {email}, {href} of verification and reset, {what} of notice, {code} and {minutes} of code.
    void word(Message& message, Values const& values) const;

    /// The same by name: "new-address" and "old-address", the mails of a change from {email} to {new}, with {href}.
    void word(Message& message, std::string_view name, Values const& values) const;

private:
    void read(std::filesystem::path const& file, std::vector<definition::Finding>& mistakes);

    std::map<std::string, MailTemplate, std::less<>> by_name_;
};

}  // namespace sallyport::delivery
