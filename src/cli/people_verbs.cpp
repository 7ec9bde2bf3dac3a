// The verbs that bring accounts over from another program, and take them along.

#include "app/control.hpp"
#include "cli/verb.hpp"
#include "crypto/control_characters.hpp"
#include "store/durable_file.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <stdexcept>

namespace sallyport::cli {
namespace {

namespace fs = std::filesystem;

constexpr int per_page = 1000;

/// What a verb's options are read into; it lives as long as the verb.
struct PeopleOptions {
    fs::path file;
    fs::path folder = ".";
    std::string model;
    bool is_dry_run = false;
    bool with_hashes = false;
    bool with_apps = false;
    bool with_hidden = false;

    bool is_standard() const { return file == "-"; }
    std::string shown_file() const { return is_standard() ? "standard input" : file.string(); }
};

std::shared_ptr<PeopleOptions> options_of(CLI::App* verb, std::string const& about) {
    auto options = std::make_shared<PeopleOptions>();
    verb->add_option("FILE", options->file, about)->required();
    verb->add_option("--model", options->model, "the user model, where there are several");
    verb->add_option("--dir", options->folder, "the project folder")->capture_default_str();
    return options;
}

std::string all_of(std::istream& in) { return {std::istreambuf_iterator<char>{in}, {}}; }

std::string read(PeopleOptions const& options) {
    if (options.is_standard()) return all_of(std::cin);
    std::ifstream in{options.file, std::ios::binary};
    if (!in) throw std::runtime_error{fmt::format("cannot read {}", options.file.string())};
    return all_of(in);
}

// "people.jsonl:3: what is wrong", as editors take it.
void tell_problems(Json const& answer, PeopleOptions const& options, std::ostream& err) {
    for (auto const& problem : answer["problems"].as_array()) {
        err << fmt::format("{}:{}: {}\n  hint: {}\n", options.shown_file(), to_display(problem["line"]),
                           crypto::show_control_characters(to_display(problem["problem"])),
                           to_display(problem["hint"]));
    }
    err << "nothing was imported\n";
}

std::string counted(Json const& number, char const* what) {
    return fmt::format("{} {}{}", to_display(number), what, number == Json{1} ? "" : "s");
}

int bring(PeopleOptions const& options, std::ostream& err) {
    JsonObject wanted{{"lines", read(options)}, {"dryRun", options.is_dry_run}};
    if (!options.model.empty()) wanted.set("model", options.model);
    auto const answer = app::ask_app(options.folder, "/user/import", Json{std::move(wanted)});
    if (!answer["problems"].as_array().empty()) {
        tell_problems(answer, options, err);
        return 1;
    }
    err << counted(answer["accounts"], "account") << (options.is_dry_run ? " can be imported" : " imported") << '\n';
    if (answer["withoutPassword"].as_number() > 0) {
        err << fmt::format("{} without a password: their owners choose one by a mailed link (\"forgot password\")\n",
                           to_display(answer["withoutPassword"]));
    }
    if (answer["oddUsernames"].as_number() > 0) {
        err << fmt::format(
            "{} kept that nobody could choose now, as one that reads as an email or an id: operators name "
            "these accounts by email or id\n",
            counted(answer["oddUsernames"], "username"));
    }
    return 0;
}

/// Where lines go: a new file that its owner alone reads, or standard output.
class Lines {
public:
    Lines(PeopleOptions const& options, std::ostream& out) : out_{options.is_standard() ? out : file_} {
        if (options.is_standard()) return;
        store::make_private_file(options.file);
        file_.open(options.file, std::ios::binary | std::ios::app);
    }

    void add(Json const& page) {
        for (auto const& account : page["accounts"].as_array()) {
            out_ << to_text(account) << '\n';
            ++count_;
        }
        if (!out_.flush()) throw std::runtime_error{"the accounts could not be written: is the disk full?"};
    }

    int count() const { return count_; }

private:
    std::ofstream file_;
    std::ostream& out_;
    int count_ = 0;
};

int take_along(PeopleOptions const& options, Streams const& streams) {
    JsonObject wanted{{"limit", per_page},
                      {"hashes", options.with_hashes},
                      {"totp", options.with_apps},
                      {"hidden", options.with_hidden}};
    if (!options.model.empty()) wanted.set("model", options.model);
    auto page = app::ask_app(options.folder, "/user/export", Json{wanted});
    Lines lines{options, streams.out};
    lines.add(page);
    while (!page["next"].is_undefined()) {
        wanted.set("after", page["next"]);
        page = app::ask_app(options.folder, "/user/export", Json{wanted});
        lines.add(page);
    }
    streams.err << counted(Json{lines.count()}, "account") << (options.is_standard() ? "" : " in ")
                << (options.is_standard() ? "" : options.file.string()) << '\n';
    if (options.with_hashes)
        streams.err << "hashes made here are of use only with this app's keys.json (\"passwords\")\n";
    if (options.with_apps) streams.err << "it holds secrets of authenticator apps in clear: delete it soon\n";
    return 0;
}

}  // namespace

void add_people_verbs(CLI::App& user, Streams const& streams) {
    auto* bring_verb =
        add_verb(user, "import", "bring accounts over from a file", "sallyport user import people.jsonl --dry-run");
    auto const brought = options_of(bring_verb, "the file; - for standard input");
    bring_verb->add_flag("--dry-run", brought->is_dry_run, "check every line, and import nothing");
    bring_verb->callback(
        [brought, &streams] { streams.work = [brought, &streams] { return bring(*brought, streams.err); }; });

    auto* take_verb =
        add_verb(user, "export", "write accounts as import takes them", "sallyport user export people.jsonl");
    auto const taken = options_of(take_verb, "the file to make; - for standard output");
    take_verb->add_flag("--hashes", taken->with_hashes, "with the hashes of passwords");
    take_verb->add_flag("--totp", taken->with_apps, "with the secrets of authenticator apps, in clear");
    take_verb->add_flag("--hidden", taken->with_hidden, "with hidden properties");
    take_verb->callback(
        [taken, &streams] { streams.work = [taken, &streams] { return take_along(*taken, streams); }; });
}

}  // namespace sallyport::cli
