#include "delivery/mail_templates.hpp"

#include "delivery/message_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

namespace sallyport::delivery {
namespace {

using definition::Finding;

namespace fs = std::filesystem;
using Kind = Message::Kind;

struct Named {
    std::string_view name;
    std::vector<std::string> places;
    std::string needed;  ///< A mail without it is useless.
};

std::vector<Named> const& named() {
    static std::vector<Named> const all{
        {"verification", {"email", "href"}, "href"},
        {"reset", {"email", "href"}, "href"},
        {"notice", {"email", "what"}, "what"},
        {"code", {"email", "code", "minutes"}, "code"},
        {"new-address", {"email", "new", "href"}, "href"},
        {"old-address", {"email", "new", "href"}, "href"},
    };
    return all;
}

std::string_view name_of(Kind kind) {
    switch (kind) {
        case Kind::verification:
            return "verification";
        case Kind::reset:
            return "reset";
        case Kind::notice:
            return "notice";
        case Kind::code:
            break;
    }
    return "code";
}

// One look for all: readable as it is, with images and styles off.
std::string page(std::string_view first, std::string_view button, std::string_view last) {
    auto const link = button.empty()
                          ? std::string{}
                          : fmt::format(
                                "<p style=\"margin:24px 0\"><a href=\"{{href}}\" style=\"background:#1d4ed8;"
                                "color:#fff;padding:12px 20px;border-radius:6px;text-decoration:none\">{}</a></p>\n"
                                "<p style=\"color:#475569;font-size:14px\">Or open this address:<br>{{href}}</p>\n",
                                button);
    return fmt::format(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width\"></head>\n<body style=\"margin:0;padding:24px;font:16px/1.5 "
        "system-ui,sans-serif;"
        "color:#0f172a\">\n<div style=\"max-width:480px;margin:0 auto\">\n<p>{}</p>\n{}<p style=\"color:#475569;"
        "font-size:14px\">{}</p>\n</div>\n</body>\n</html>\n",
        first, link, last);
}

std::map<std::string, MailTemplate, std::less<>> built_in() {
    return {
        {"verification",
         {"Please confirm your email address",
          "Open this link to confirm your email address:\n\n{href}\n\nIf you did not give this address, you need not "
          "do "
          "anything.\n",
          page("Please confirm that {email} is your address.", "Confirm address",
               "If you did not give this address, you need not do anything.")}},
        {"reset",
         {"Choose a new password",
          "Someone asked to reset the password of this account. Open this link to choose a new one:\n\n{href}\n\n"
          "If it was not you, you need not do anything.\n",
          page("Someone asked to reset the password of this account.", "Choose a new password",
               "If it was not you, you need not do anything.")}},
        {"notice",
         {"Your account was changed",
          "{what} If it was not you, choose a new password now, end all sessions, and tell whoever runs this "
          "service.\n",
          page("{what}", "",
               "If it was not you, choose a new password now, end all sessions, and tell whoever runs this service.")}},
        {"code",
         {"Your sign-in code",
          "{code} is your sign-in code. It is good for {minutes}. Nobody will ever ask you for it.\n",
          page("<b style=\"font-size:28px;letter-spacing:4px\">{code}</b>", "",
               "This is your sign-in code. It is good for {minutes}. Nobody will ever ask you for it.")}},
        {"new-address",
         {"Is this your new email address?",
          "The account of {email} is to have this address from now on. Open this link to agree:\n\n{href}\n\n"
          "If that is not your account, you need not do anything.\n",
          page("The account of {email} is to have this address from now on.", "Look at it",
               "If that is not your account, you need not do anything.")}},
        {"old-address",
         {"Your account is to have another email address",
          "Someone who is signed in to your account asked to change its address to {new}. Open this link to agree, or "
          "to refuse:\n\n{href}\n\nIf it was not you, refuse, then choose a new password.\n",
          page("Someone who is signed in to your account asked to change its address to {new}.", "Agree or refuse",
               "If it was not you, refuse, then choose a new password.")}},
    };
}

std::string read_text(fs::path const& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

// "Subject: ..." on the first line is not part of the text.
void take_subject(MailTemplate& mail) {
    constexpr std::string_view mark = "Subject: ";
    if (!mail.text.starts_with(mark)) return;
    auto const end = mail.text.find('\n');
    mail.subject = mail.text.substr(mark.size(), end == std::string::npos ? end : end - mark.size());
    std::erase(mail.subject, '\r');
    mail.text.erase(0, end == std::string::npos ? mail.text.size() : end + 1);
    mail.text.erase(0, std::min(mail.text.find_first_not_of("\r\n"), mail.text.size()));
}

}  // namespace

MailTemplates::MailTemplates() : by_name_{built_in()} {}

MailTemplates::MailTemplates(fs::path const& folder, std::vector<Finding>& mistakes) : MailTemplates{} {
    if (!fs::is_directory(folder)) return;
    std::vector<fs::path> files;
    for (auto const& entry : fs::directory_iterator{folder}) files.push_back(entry.path());
    std::ranges::sort(files, std::greater{});  // A .txt, which is sent alone, before the .html that joins it.
    for (auto const& file : files) read(file, mistakes);
}

void MailTemplates::read(fs::path const& file, std::vector<Finding>& mistakes) {
    auto const stem = file.stem().string();
    auto const found = std::ranges::find(named(), std::string_view{stem}, &Named::name);
    auto const is_html = file.extension() == ".html";
    if (found == named().end() || (!is_html && file.extension() != ".txt")) {
        mistakes.push_back(
            {.file = file.filename().string(),
             .text = "no mail has this name",
             .hint = "there are code, new-address, notice, old-address, reset and verification, each .txt and .html"});
        return;
    }
    auto text = read_text(file);
    auto const places = places_in(text);
    for (auto const& place : places) {
        if (std::ranges::find(found->places, place) == found->places.end())
            mistakes.push_back({.file = file.filename().string(),
                                .text = fmt::format("nothing fills {{{}}}", place),
                                .hint = "here are {" + fmt::format("{}", fmt::join(found->places, "}, {")) + "}"});
    }
    if (std::ranges::find(places, found->needed) == places.end())
        mistakes.push_back({.file = file.filename().string(),
                            .text = fmt::format("there is no {{{}}} in it", found->needed),
                            .hint = "without it the mail is of no use"});
    auto& mail = by_name_.find(found->name)->second;
    (is_html ? mail.html : mail.text) = std::move(text);
    if (is_html) return;
    mail.html.clear();
    take_subject(mail);
}

void MailTemplates::word(Message& message, Values const& values) const { word(message, name_of(message.kind), values); }

void MailTemplates::word(Message& message, std::string_view name, Values const& values) const {
    auto const& mail = by_name_.find(name)->second;
    auto const value_of = [&](std::string_view place) -> std::optional<std::string> {
        auto const found = values.find(place);
        return found == values.end() ? std::nullopt : std::optional{found->second};
    };
    if (message.subject.empty()) message.subject = mail.subject;
    message.text = filled(mail.text, value_of);
    message.html = filled(mail.html, [&](std::string_view place) {
        auto value = value_of(place);
        return value ? std::optional{escape_xml(*value)} : std::nullopt;
    });
}

}  // namespace sallyport::delivery
