// Every question is also a flag. Questions are asked at a terminal alone: a script is told what it left out.

#include "cli/generators.hpp"
#include "cli/verb.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <iostream>
#include <memory>
#include <vector>

namespace sallyport::cli {
namespace {

namespace fs = std::filesystem;

/// Fills `value` if it is empty: with the answer, or with `otherwise` where that is nothing.
void ask(std::string& value, std::string const& flag, std::string const& question, std::string const& otherwise = "") {
    if (!value.empty()) return;
    if (isatty(STDIN_FILENO) == 0) {
        value = otherwise;
        if (value.empty()) throw UsageError{fmt::format("{} is missing\n  hint: {}", flag, question)};
        return;
    }
    std::cerr << question << (otherwise.empty() ? "" : fmt::format(" [{}]", otherwise)) << ": " << std::flush;
    std::getline(std::cin, value);
    if (value.empty()) value = otherwise;
    if (value.empty()) throw UsageError{fmt::format("{} is missing\n  hint: {}", flag, question)};
}

void say(std::ostream& err, fs::path const& file) { err << fmt::format("changed {}\n", file.string()); }

/// What a verb's options are read into; it lives as long as the verb.
template <class Wanted>
struct Options {
    Wanted wanted;
    fs::path folder = ".";
};

template <class Wanted>
std::shared_ptr<Options<Wanted>> options_of(CLI::App* verb) {
    auto options = std::make_shared<Options<Wanted>>();
    verb->add_option("--dir", options->folder, "the project folder")->capture_default_str();
    return options;
}

void add_property_verb(CLI::App& app, Work& work, std::ostream& err) {
    auto* verb = add_verb(app, "property", "add a property to a model",
                          "sallyport property Employee startsOn --type date --required");
    auto const options = options_of<NewProperty>(verb);
    auto& wanted = options->wanted;
    verb->add_option("MODEL", wanted.model, "the model")->required();
    verb->add_option("NAME", wanted.name, "its name")->required();
    verb->add_option("--type", wanted.type, "string, number, boolean, date, object, [string], ...");
    verb->add_flag("--required", wanted.is_required, "no record without it");
    verb->add_option("--default", wanted.default_value, "the value where none is given: JSON, or a text");
    verb->callback([options, &work, &err] {
        work = [options, &err] {
            ask(options->wanted.type, "--type", "its type, such as string, number or date", "string");
            say(err, add_property(options->folder, options->wanted));
            return 0;
        };
    });
}

void add_relation_verb(CLI::App& app, Work& work, std::ostream& err) {
    auto* verb = add_verb(app, "relation", "tie a model to another",
                          "sallyport relation Customer orders --type hasMany --to Order");
    auto const options = options_of<NewRelation>(verb);
    auto& wanted = options->wanted;
    verb->add_option("MODEL", wanted.model, "the model that has it")->required();
    verb->add_option("NAME", wanted.name, "its name, as in paths")->required();
    verb->add_option("--type", wanted.type, "hasMany, belongsTo, hasOne, ...");
    verb->add_option("--to", wanted.to, "the other model");
    verb->add_option("--foreign-key", wanted.foreign_key, "the property that holds the other's id");
    verb->add_option("--through", wanted.through, "the model between the two");
    verb->callback([options, &work, &err] {
        work = [options, &err] {
            ask(options->wanted.type, "--type", "its type, such as hasMany or belongsTo");
            ask(options->wanted.to, "--to", "the other model");
            say(err, add_relation(options->folder, options->wanted));
            return 0;
        };
    });
}

void add_acl_verb(CLI::App& app, Work& work, std::ostream& err) {
    auto* verb = add_verb(app, "acl", "add an access rule to a model",
                          "sallyport acl Order --role '$owner' --access READ --allow");
    auto const options = options_of<NewRule>(verb);
    auto& wanted = options->wanted;
    verb->add_option("MODEL", wanted.model, "the model")->required();
    verb->add_option("--role", wanted.role, "'$everyone', '$authenticated', '$owner', or a role of yours");
    verb->add_option("--access", wanted.access, "READ, WRITE, EXECUTE or '*'")->capture_default_str();
    verb->add_option("--property", wanted.property, "for one method or property alone");
    verb->add_flag("--allow,!--deny", wanted.allows, "whether it lets them");
    verb->callback([options, verb, &work, &err] {
        work = [options, verb, &err] {
            ask(options->wanted.role, "--role", "whom it is for, such as '$owner'");
            if (verb->count("--allow") + verb->count("--deny") == 0) {
                std::string answer;
                ask(answer, "--allow or --deny", "allow or deny");
                if (answer != "allow" && answer != "deny")
                    throw UsageError{
                        fmt::format("\"{}\" is neither allow nor deny\n  hint: nothing was changed", answer)};
                options->wanted.allows = answer == "allow";
            }
            say(err, add_rule(options->folder, options->wanted));
            return 0;
        };
    });
}

void add_data_source_verb(CLI::App& app, Work& work, std::ostream& err) {
    auto* verb = add_verb(app, "datasource", "add a data source",
                          "sallyport datasource archive --connector sqlite3 --file archive.db");
    auto const options = options_of<NewDataSource>(verb);
    auto& wanted = options->wanted;
    verb->add_option("NAME", wanted.name, "its name")->required();
    verb->add_option("--connector", wanted.connector, "memory, sqlite3, transient, mail or sms");
    verb->add_option("--file", wanted.file, "where sqlite3 keeps its records");
    verb->callback([options, &work, &err] {
        work = [options, &err] {
            ask(options->wanted.connector, "--connector", "memory, sqlite3, transient, mail or sms", "memory");
            if (options->wanted.connector == "sqlite3")
                ask(options->wanted.file, "--file", "its file", options->wanted.name + ".db");
            say(err, add_data_source(options->folder, options->wanted));
            return 0;
        };
    });
}

}  // namespace

void add_generators(CLI::App& app, Work& work, std::ostream& err) {
    add_property_verb(app, work, err);
    add_relation_verb(app, work, err);
    add_acl_verb(app, work, err);
    add_data_source_verb(app, work, err);
}

}  // namespace sallyport::cli
