#include "app/senders.hpp"

#include "delivery/console.hpp"
#include "delivery/mail.hpp"
#include "delivery/sms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace sallyport::app {
namespace {

using definition::DataSource;
using definition::Finding;
using definition::Project;

constexpr std::string_view mail_folder = "server/mails";

std::string text_of(DataSource const& source, std::string_view name) {
    auto const& value = source.settings[name];
    return value.is_string() ? value.as_string() : std::string{};
}

bool is_fallback(Project const& project, DataSource const& source) {
    return std::ranges::any_of(project.data_sources,
                               [&](DataSource const& other) { return text_of(other, "fallback") == source.name; });
}

DataSource const* find_source(Project const& project, std::string_view name) {
    auto const found = std::ranges::find(project.data_sources, name, &DataSource::name);
    return found == project.data_sources.end() ? nullptr : &*found;
}

// The first that sends; else the first.
DataSource const* mail_source(Project const& project) {
    DataSource const* first = nullptr;
    for (auto const& source : project.data_sources) {
        if (source.connector != "mail") continue;
        if (delivery::sends_mail(source)) return &source;
        if (first == nullptr) first = &source;
    }
    return first;
}

class SenderCheck {
public:
    explicit SenderCheck(Project& project) : project_{project} {}

    void run() {
        check_sms();
        for (auto const& source : project_.data_sources) {
            if (source.connector != "mail" || !delivery::sends_mail(source)) continue;
            std::vector<Finding> mistakes;
            definition::Settings settings{source.settings, source.places};
            delivery::read_mail_rules(settings, mistakes);
            for (auto const& mistake : mistakes) complain(source, mistake.text, mistake.hint);
        }
        note_stub();
        for (auto const* model : project_.models.user_models()) check_from(*model);
        check_templates();
    }

private:
    void check_sms() {
        DataSource const* first = nullptr;
        for (auto const& source : project_.data_sources) {
            if (source.connector != "sms") continue;
            for (auto const& mistake : delivery::gateway_mistakes(source)) complain(source, mistake.text, mistake.hint);
            check_timeout(source);
            check_fallback(source);
            if (is_fallback(project_, source)) continue;
            check_numbers(source);
            if (first != nullptr)
                complain(source, "a second data source sends text messages",
                         R"(name it as the "fallback" of the first)");
            first = &source;
        }
    }

    // LoopBack's projects have one from the start, so it is no mistake; but its mails reach nobody.
    void note_stub() {
        auto const* source = mail_source(project_);
        if (source == nullptr || delivery::sends_mail(*source)) return;
        project_.findings.push_back(
            {.kind = Finding::Kind::note,
             .file = source->place.file,
             .line = source->place.line,
             .column = source->place.column,
             .text = fmt::format("{}: mail reaches nobody: a STUB keeps it in memory", source->name),
             .hint =
                 R"("transports": [{"type": "smtp", "host": "..."}] sends it, or a sender in C++ (App::set_sender))"});
    }

    void check_from(definition::Model const& model) {
        auto const& from = std::as_const(model.settings)["verifyOptions"]["from"];
        if (!from.is_string() || delivery::read_mailbox(from.as_string())) return;
        project_.findings.push_back(
            {.file = "server/model-config.json",
             .text = fmt::format("{}: \"{}\" in \"verifyOptions\" is no address that mail could come from", model.name,
                                 from.as_string()),
             .hint = R"(such as "from": "Acme <hello@acme.example>", or leave it out for "defaultFrom")"});
    }

    void check_templates() {
        std::vector<Finding> mistakes;
        delivery::MailTemplates const templates{project_.folder / mail_folder, mistakes};
        for (auto& mistake : mistakes) {
            mistake.file = (std::filesystem::path{mail_folder} / mistake.file).string();
            project_.findings.push_back(std::move(mistake));
        }
    }

    void complain(DataSource const& source, std::string_view text, std::string_view hint) {
        project_.findings.push_back({.file = source.place.file,
                                     .line = source.place.line,
                                     .column = source.place.column,
                                     .text = fmt::format("{}: {}", source.name, text),
                                     .hint = std::string{hint}});
    }

    void check_timeout(DataSource const& source) {
        auto const& timeout = source.settings["timeout"];
        if (!timeout.is_number() || (timeout.as_number() >= 1000 && timeout.as_number() <= 30000)) return;
        complain(source, "\"timeout\" must be 1000 to 30000, in milliseconds", "leave it out for 10000");
    }

    void check_fallback(DataSource const& source) {
        auto const name = text_of(source, "fallback");
        if (name.empty()) return;
        auto const* other = find_source(project_, name);
        if (other == nullptr || other == &source || other->connector != "sms")
            complain(source, fmt::format("there is no other \"sms\" data source \"{}\"", name),
                     "name one to ask when this one fails");
    }

    void check_numbers(DataSource const& source) {
        auto const& countries = source.settings["countries"];
        bool const has_some = countries.is_array() && !countries.as_array().empty();
        if (!has_some && !is_console(source))
            complain(source, "\"countries\" must say where text messages may go",
                     R"(such as "countries": ["FR", "DE"]; every other number is refused)");
        if (countries.is_array()) {
            for (auto const& country : countries.as_array()) check_country(source, country);
        }
        auto const& prefixes = source.settings["prefixes"];
        if (prefixes.is_object()) {
            for (auto const& [prefix, per_hour] : prefixes.as_object()) check_prefix(source, prefix, per_hour);
        }
        if (auto const& cap = source.settings["dailyCap"]; !cap.is_undefined() && !is_count(cap))
            complain(source, "\"dailyCap\" must be a whole number from 1 to 1000000", "leave it out for 500");
    }

    void check_country(DataSource const& source, Json const& country) {
        if (country.is_string() && auth::is_country(country.as_string())) return;
        complain(source, fmt::format("{} is no country", to_text(country)),
                 "two capital letters, as ISO 3166 has them: FR, US");
    }

    void check_prefix(DataSource const& source, std::string const& prefix, Json const& per_hour) {
        if (!auth::is_range(prefix))
            complain(source, fmt::format("\"{}\" is no range of numbers", prefix),
                     R"(write "+" and its first digits: "+33612")");
        if (!is_count(per_hour))
            complain(source,
                     fmt::format("\"{}\" needs a whole number from 1 to 1000000: so many messages an hour", prefix),
                     fmt::format(R"(such as "{}": 200)", prefix));
    }

    static bool is_count(Json const& value) {
        return value.is_number() && value.as_number() >= 1 && value.as_number() <= 1e6 &&
               value.as_number() == std::floor(value.as_number());
    }

    Project& project_;
};

delivery::SmsGateway gateway_of(DataSource source, std::filesystem::path const& folder) {
    if (auto const authorities = text_of(source, "ca"); !authorities.empty())
        source.settings["ca"] = (folder / authorities).string();
    return delivery::SmsGateway{source};
}

auth::NumberRules read_number_rules(definition::Settings& settings) {
    auth::NumberRules rules;
    for (auto const& country : settings.any("countries").as_array()) rules.countries.push_back(country.as_string());
    if (auto const& prefixes = settings.any("prefixes"); prefixes.is_object()) {
        for (auto const& [prefix, per_hour] : prefixes.as_object())
            rules.prefixes[prefix] = static_cast<std::int64_t>(per_hour.as_number());
    }
    rules.daily_cap = static_cast<std::int64_t>(settings.number("dailyCap", static_cast<double>(rules.daily_cap)));
    return rules;
}

std::shared_ptr<Sender> sms_sender(Project const& project, std::filesystem::path const& folder,
                                   http::Outbound& outbound, Clock const& clock, http::EventLog log) {
    auto const* source = sms_source(project);
    if (source == nullptr) return nullptr;
    if (is_console(*source)) return std::make_shared<delivery::ConsoleSender>();
    std::vector<delivery::SmsGateway> gateways{gateway_of(*source, folder)};
    auto const* other = find_source(project, text_of(*source, "fallback"));
    if (other != nullptr && !is_console(*other)) gateways.push_back(gateway_of(*other, folder));
    return std::make_shared<delivery::SmsSender>(outbound, clock, std::move(gateways), log);
}

std::shared_ptr<Sender> mail_sender(Project const& project, std::filesystem::path const& folder,
                                    http::Outbound& outbound, Clock const& clock, http::EventLog log) {
    auto const* found = mail_source(project);
    if (found == nullptr) return nullptr;
    if (!delivery::sends_mail(*found)) return std::make_shared<delivery::StubMail>(found->name, log);
    std::vector<Finding> mistakes;
    definition::Settings settings{found->settings, found->places};
    auto rules = delivery::read_mail_rules(settings, mistakes);
    auto& authorities = rules.outbound.certificate_authorities;
    if (!authorities.empty()) authorities = (folder / authorities).string();
    return std::make_shared<delivery::MailSender>(outbound, clock, std::move(rules));
}

}  // namespace

definition::DataSource const* sms_source(Project const& project) {
    for (auto const& source : project.data_sources) {
        if (source.connector == "sms" && !is_fallback(project, source)) return &source;
    }
    return nullptr;
}

bool has_mail_source(Project const& project) { return mail_source(project) != nullptr; }

std::string_view connector_of(std::string_view channel) { return channel == "email" ? "mail" : channel; }

bool is_console(DataSource const& source) {
    return source.connector == "sms" && text_of(source, "gateway") == "console";
}

void check_senders(Project& project) { SenderCheck{project}.run(); }

void read_sender(Project const& project, DataSource const& source, definition::Settings& settings) {
    if (source.connector == "mail") {
        std::vector<Finding> mistakes;
        if (delivery::sends_mail(settings)) delivery::read_mail_rules(settings, mistakes);
    } else if (source.connector == "sms" && settings.text("gateway") != "console") {
        delivery::SmsGateway const read{source.name, settings};
        if (is_fallback(project, source)) return;
        settings.any("fallback");
        read_number_rules(settings);
    }
}

delivery::Senders make_senders(Project const& project, std::filesystem::path const& folder, http::Outbound& outbound,
                               Clock const& clock, http::EventLog log) {
    delivery::Senders senders;
    senders["console"] = std::make_shared<delivery::ConsoleSender>();
    if (auto mail = mail_sender(project, folder, outbound, clock, log)) senders["email"] = std::move(mail);
    if (auto sms = sms_sender(project, folder, outbound, clock, log)) senders["sms"] = std::move(sms);
    return senders;
}

delivery::MailTemplates make_mail_templates(std::filesystem::path const& folder) {
    std::vector<Finding> told_already;
    return {folder / mail_folder, told_already};
}

std::shared_ptr<auth::Numbers const> make_numbers(Project const& project) {
    auto const* source = sms_source(project);
    if (source == nullptr || is_console(*source)) return nullptr;
    definition::Settings settings{source->settings, source->places};
    return std::make_shared<auth::Numbers>(read_number_rules(settings));
}

}  // namespace sallyport::app
