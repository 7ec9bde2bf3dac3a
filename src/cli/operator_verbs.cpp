// Verbs about what a server holds: each asks it over its socket, or opens the folder itself where none runs.

#include "app/control.hpp"
#include "cli/printed_table.hpp"
#include "cli/verb.hpp"
#include "crypto/control_characters.hpp"

#include <fmt/format.h>

#include <chrono>
#include <map>
#include <memory>
#include <utility>

namespace sallyport::cli {
namespace {

namespace fs = std::filesystem;

/// What the options of one verb are read into; it lives as long as the verb.
struct Wanted {
    fs::path folder = ".";
    bool as_json = false;
    JsonObject asked;  ///< What the server is asked for.
};

using Shared = std::shared_ptr<Wanted>;
using Show = void (*)(Json const& answer, std::ostream& out, std::ostream& err);

/// Puts an option's value into what is asked for.
CLI::Option* ask_for(CLI::App* verb, Shared const& wanted, std::string const& option, std::string const& name,
                     std::string const& about) {
    return verb->add_option_function<std::string>(
        option, [wanted, name](std::string const& text) { wanted->asked.set(name, text); }, about);
}

void ask_for_number(CLI::App* verb, Shared const& wanted, std::string const& option, std::string const& name,
                    std::string const& about, int most) {
    verb->add_option_function<int>(
            option, [wanted, name](int number) { wanted->asked.set(name, number); }, about)
        ->check(CLI::Range(1, most));
}

Shared options_of(CLI::App* verb) {
    auto wanted = std::make_shared<Wanted>();
    verb->add_option("--dir", wanted->folder, "the project folder")->capture_default_str();
    verb->add_flag("--json", wanted->as_json, "print the answer as JSON");
    return wanted;
}

void name_account(CLI::App* verb, Shared const& wanted, bool is_required) {
    ask_for(verb, wanted, "WHO", "who", "an email, a username or an id")->required(is_required);
    ask_for(verb, wanted, "--model", "model", "the user model, where there are several");
}

void on_call(CLI::App* verb, Shared const& wanted, Streams const& streams, std::string const& path, Show show) {
    verb->callback([=, &streams] {
        streams.work = [=, &streams] {
            auto const answer = app::ask_app(wanted->folder, path, Json{wanted->asked});
            if (wanted->as_json) {
                streams.out << crypto::show_control_characters(to_text(answer)) << '\n';
            } else {
                show(answer, streams.out, streams.err);
            }
            return 0;
        };
    });
}

// What somebody chose for themselves is not let loose on a terminal.
std::string shown(Json const& value) { return crypto::show_control_characters(to_display(value)); }

// --- user

void show_accounts(Json const& answer, std::ostream& out, std::ostream& err) {
    JsonArray rows;
    for (auto const& account : answer.as_array()) {
        JsonObject row{{"id", account["id"]}, {"email", account["email"]}};
        if (!account["username"].is_nothing()) row.set("username", account["username"]);
        row.set("state", account["state"]);
        std::string factors;
        for (auto const& factor : account["factors"].as_array()) {
            factors += (factors.empty() ? "" : ", ") + to_display(factor["type"]) + " " + to_display(factor["hint"]);
        }
        row.set("factors", factors);
        row.set("sessions", account["sessions"]);
        if (!account["lastLogin"].is_nothing()) row.set("last login", account["lastLogin"]);
        rows.emplace_back(std::move(row));
    }
    if (rows.empty()) err << "no accounts\n";
    print_table(rows, {"id", "email", "username", "state", "factors", "sessions", "last login"}, out);
}

std::string minutes(Json const& seconds) {
    return fmt::format("{} minutes", static_cast<int>(seconds.as_number() / 60));
}

void show_added(Json const& answer, std::ostream& out, std::ostream& err) {
    err << fmt::format("{} has the id {}. Within {} this link lets its reader choose a password:\n",
                       shown(answer["email"]), shown(answer["id"]), minutes(answer["ttl"]));
    out << to_display(answer["link"]) << '\n';
}

void show_disabled(Json const& answer, std::ostream&, std::ostream& err) {
    err << fmt::format(
        "{} {}\n", shown(answer["email"]),
        answer["changed"] == Json{true} ? "is disabled, and its sessions have ended" : "was disabled already");
}

void show_enabled(Json const& answer, std::ostream&, std::ostream& err) {
    err << fmt::format("{} {}\n", shown(answer["email"]),
                       answer["changed"] == Json{true} ? "may sign in again" : "was not disabled");
}

void show_granted(Json const& answer, std::ostream&, std::ostream& err) {
    err << fmt::format("{} {} the role {}\n", shown(answer["email"]),
                       answer["changed"] == Json{true} ? "has" : "already had", shown(answer["role"]));
}

void show_revoked(Json const& answer, std::ostream&, std::ostream& err) {
    err << fmt::format("{} {} the role {}\n", shown(answer["email"]),
                       answer["changed"] == Json{true} ? "no longer has" : "did not have", shown(answer["role"]));
}

void show_ticket(Json const& answer, std::ostream& out, std::ostream& err) {
    err << fmt::format(
        "Give this ticket to the owner of {} only. With the password, and once, it lets them enrol a\n"
        "new factor within {} hours; until they have, the ones they had still count:\n",
        shown(answer["email"]), static_cast<int>(answer["ttl"].as_number() / 3600));
    out << to_display(answer["ticket"]) << '\n';
}

JsonObject read_settings(std::vector<std::string> const& texts) {
    JsonObject values;
    for (auto const& text : texts) {
        auto const equals = text.find('=');
        if (equals == std::string::npos || equals == 0)
            throw UsageError{fmt::format("\"{}\" is not name=value\n  hint: --set city=Bern", text)};
        auto const value = text.substr(equals + 1);
        Json parsed{value};
        try {
            parsed = parse_json(value);
        } catch (std::exception const&) {
            // Not JSON: the text itself.
        }
        values.set(text.substr(0, equals), std::move(parsed));
    }
    return values;
}

void add_user_add(CLI::App& user, Streams const& streams) {
    auto* verb = add_verb(user, "add", "make an account, and a link to its first password",
                          "sallyport user add ann@company.example --role admin");
    auto const wanted = options_of(verb);
    ask_for(verb, wanted, "EMAIL", "email", "its email")->required();
    ask_for(verb, wanted, "--model", "model", "the user model, where there are several");
    ask_for(verb, wanted, "--username", "username", "its username");
    ask_for(verb, wanted, "--phone", "phone", "the number that codes go to: +15551234567");
    ask_for(verb, wanted, "--role", "role", "a role it is to have; made if there is none");
    verb->add_option_function<std::vector<std::string>>(
            "--set",
            [wanted](std::vector<std::string> const& texts) { wanted->asked.set("set", read_settings(texts)); },
            "another property, name=value; again for more")
        ->type_name("SETTING")
        ->expected(1)
        ->take_all();
    on_call(verb, wanted, streams, "/user/add", show_added);
}

// sallyport user grant WHO ROLE
void add_role_verb(CLI::App& user, Streams const& streams, std::string const& name, std::string const& about,
                   Show show) {
    auto* verb = add_verb(user, name, about, fmt::format("sallyport user {} ann@company.example admin", name));
    auto const wanted = options_of(verb);
    name_account(verb, wanted, true);
    ask_for(verb, wanted, "ROLE", "role", "the role")->required();
    on_call(verb, wanted, streams, "/user/" + name, show);
}

void add_user(CLI::App& app, Streams const& streams) {
    auto* user = add_verb(app, "user", "the accounts of an app", "sallyport user list");
    user->require_subcommand(1);
    auto* list = add_verb(*user, "list", "list accounts", "sallyport user list --limit 20");
    auto const listed = options_of(list);
    name_account(list, listed, false);
    ask_for_number(list, listed, "--limit", "limit", "so many at most", 10'000);
    on_call(list, listed, streams, "/user/list", show_accounts);
    add_user_add(*user, streams);
    add_role_verb(*user, streams, "grant", "give an account a role", show_granted);
    add_role_verb(*user, streams, "revoke", "take a role from an account", show_revoked);
    add_people_verbs(*user, streams);

    struct Change {
        char const* name;
        char const* about;
        Show show;
    };
    Change const changes[] = {{"disable", "let nobody sign in to an account; end its sessions", show_disabled},
                              {"enable", "take that back", show_enabled},
                              {"reset-factors", "make a ticket for somebody who lost their factor", show_ticket}};
    for (auto const& change : changes) {
        auto* verb = add_verb(*user, change.name, change.about,
                              fmt::format("sallyport user {} ann@company.example", change.name));
        auto const wanted = options_of(verb);
        name_account(verb, wanted, true);
        on_call(verb, wanted, streams, fmt::format("/user/{}", change.name), change.show);
    }
}

// --- limits

void show_limits(Json const& answer, std::ostream& out, std::ostream& err) {
    if (answer.as_array().empty()) err << "no limit is reached, and nothing is counted\n";
    print_table(answer.as_array(), {"limit", "count", "most", "seconds", "until"}, out);
}

void show_lifted(Json const& answer, std::ostream&, std::ostream& err) {
    auto const count = static_cast<int>(answer["lifted"].as_number());
    err << (count == 0 ? "nothing was counted\n" : fmt::format("{} forgotten\n", count));
}

void name_subject(CLI::App* verb, Shared const& wanted) {
    name_account(verb, wanted, false);
    ask_for(verb, wanted, "--address", "address", "an address, such as 192.0.2.7");
    ask_for(verb, wanted, "--number", "number", "a phone number, such as +15551234567");
    ask_for(verb, wanted, "--range", "range", "a range of phone numbers, such as +1555123");
}

void add_limits(CLI::App& app, Streams const& streams) {
    auto* limits = add_verb(app, "limits", "the limits on logins and codes", "sallyport limits show");
    limits->require_subcommand(1);
    auto* show = add_verb(*limits, "show", "list what is counted; without WHO, what is full",
                          "sallyport limits show ann@company.example");
    auto const shown = options_of(show);
    name_subject(show, shown);
    on_call(show, shown, streams, "/limits/show", show_limits);
    auto* lift = add_verb(*limits, "lift", "forget what is counted",
                          "sallyport limits lift ann@company.example --address 192.0.2.7");
    auto const lifted = options_of(lift);
    name_subject(lift, lifted);
    on_call(lift, lifted, streams, "/limits/lift", show_lifted);
}

// --- audit

void show_events(Json const& answer, std::ostream& out, std::ostream& err) {
    if (answer.as_array().empty()) err << "no events\n";
    print_table(answer.as_array(),
                {"at", "event", "outcome", "model", "userId", "identifier", "factor", "about", "actor", "network"},
                out);
}

// "90s", "15m", "24h", "7d" ago, as milliseconds since the Unix epoch.
std::int64_t before_now(std::string const& text) {
    std::map<char, std::int64_t> const seconds{{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
    auto const unit = text.empty() ? seconds.end() : seconds.find(text.back());
    auto const digits = text.substr(0, text.empty() ? 0 : text.size() - 1);
    bool const is_number =
        !digits.empty() && digits.size() < 7 && digits.find_first_not_of("0123456789") == std::string::npos;
    if (unit == seconds.end() || !is_number)
        throw UsageError{fmt::format("\"{}\" is no time\n  hint: --since 90s, 15m, 24h or 7d", text)};
    auto const now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count() -
           std::stoll(digits) * unit->second * 1000;
}

void add_audit(CLI::App& app, Streams const& streams) {
    auto* verb = add_verb(app, "audit", "list what happened to accounts, newest first",
                          "sallyport audit ann@company.example --since 24h");
    auto const wanted = options_of(verb);
    name_account(verb, wanted, false);
    ask_for(verb, wanted, "--event", "event", "an event, or how some begin: session.");
    verb->add_option_function<std::string>(
        "--since", [wanted](std::string const& text) { wanted->asked.set("since", before_now(text)); },
        "no older than 90s, 15m, 24h or 7d");
    ask_for_number(verb, wanted, "--limit", "limit", "so many at most", 10'000);
    on_call(verb, wanted, streams, "/audit", show_events);
}

}  // namespace

void add_operator_verbs(CLI::App& app, Streams const& streams) {
    add_user(app, streams);
    add_limits(app, streams);
    add_audit(app, streams);
}

}  // namespace sallyport::cli
