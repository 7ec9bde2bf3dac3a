#include "cli/generators.hpp"
#include "cli/question.hpp"
#include "cli/verb.hpp"

#include <fmt/format.h>

#include <memory>
#include <vector>

namespace sallyport::cli {
namespace {

namespace fs = std::filesystem;

/// What a verb's options are read into; it lives as long as the verb.
template <class Wanted>
struct GeneratorOptions {
    Wanted wanted;
    fs::path folder = ".";
};

template <class Wanted>
std::shared_ptr<GeneratorOptions<Wanted>> options_of(CLI::App* verb) {
    auto options = std::make_shared<GeneratorOptions<Wanted>>();
    verb->add_option("--dir", options->folder, "the project folder")->capture_default_str();
    return options;
}

/// What a verb does: `complete` asks for what is missing, `add` changes the project.
template <class Wanted, class Complete>
void on_call(CLI::App* verb, std::shared_ptr<GeneratorOptions<Wanted>> const& options, Work& work, std::ostream& err,
             Complete complete, fs::path (*add)(fs::path const&, Wanted const&)) {
    verb->callback([options, complete, add, &work, &err] {
        work = [options, complete, add, &err] {
            complete(options->wanted);
            err << fmt::format("changed {}\n", add(options->folder, options->wanted).string());
            return 0;
        };
    });
}

void ask_for_model(std::string& model) { ask(model, "MODEL", "the model, as in Employee"); }

void ask_whether_it_allows(NewRule& wanted) {
    std::string answer;
    ask(answer, "--allow or --deny", "allow or deny");
    if (answer != "allow" && answer != "deny")
        throw UsageError{fmt::format("\"{}\" is neither allow nor deny\n  hint: nothing was changed", answer)};
    wanted.allows = answer == "allow";
}

void add_property_verb(CLI::App& app, Work& work, std::ostream& err) {
    auto* verb = add_verb(app, "property", "add a property to a model",
                          "sallyport property Employee startsOn --type date --required");
    auto const options = options_of<NewProperty>(verb);
    auto& wanted = options->wanted;
    verb->add_option("MODEL", wanted.model, "the model");
    verb->add_option("NAME", wanted.name, "its name");
    verb->add_option("--type", wanted.type, "string, number, boolean, date, object, [string]");
    verb->add_flag("--required", wanted.is_required, "no record without it");
    verb->add_option("--default", wanted.default_value, "the value where none is given: JSON, or a text");
    auto const complete = [](NewProperty& asked) {
        ask_for_model(asked.model);
        ask(asked.name, "NAME", "its name, as in startsOn");
        ask(asked.type, "--type", "its type, such as string, number or date", "string");
    };
    on_call(verb, options, work, err, complete, add_property);
}

void add_relation_verb(CLI::App& app, Work& work, std::ostream& err) {
    auto* verb = add_verb(app, "relation", "tie a model to another",
                          "sallyport relation Customer orders --type hasMany --to Order");
    auto const options = options_of<NewRelation>(verb);
    auto& wanted = options->wanted;
    verb->add_option("MODEL", wanted.model, "the model that has it");
    verb->add_option("NAME", wanted.name, "its name, as in paths");
    verb->add_option("--type", wanted.type, "hasMany, belongsTo, hasOne, embedsMany, ...");
    verb->add_option("--to", wanted.to, "the other model");
    verb->add_option("--foreign-key", wanted.foreign_key, "the property that holds the other's id, or ids");
    verb->add_option("--through", wanted.through, "the model between the two, of hasMany");
    verb->add_option("--key-through", wanted.key_through, "its property that holds the other's id");
    verb->add_option("--polymorphic", wanted.polymorphic, "the other side's belongsTo; \"true\" for that itself");
    verb->add_option("--property", wanted.property, "the property that holds what is embedded");
    auto const complete = [](NewRelation& asked) {
        ask_for_model(asked.model);
        ask(asked.name, "NAME", "its name, as in paths");
        ask(asked.type, "--type", "its type, such as hasMany or belongsTo");
        auto const leads_anywhere = asked.type == "belongsTo" && !asked.polymorphic.empty();
        if (!leads_anywhere) ask(asked.to, "--to", "the other model");
    };
    on_call(verb, options, work, err, complete, add_relation);
}

void add_acl_verb(CLI::App& app, Work& work, std::ostream& err) {
    auto* verb = add_verb(app, "acl", "add an access rule to a model",
                          "sallyport acl Order --role '$owner' --access READ --allow");
    auto const options = options_of<NewRule>(verb);
    auto& wanted = options->wanted;
    verb->add_option("MODEL", wanted.model, "the model");
    verb->add_option("--role", wanted.role, "'$everyone', '$authenticated', '$owner', or yours");
    verb->add_option("--access", wanted.access, "READ, WRITE, EXECUTE or '*'")->capture_default_str();
    verb->add_option("--property", wanted.property, "for one method or property alone");
    auto* const allow = verb->add_flag_callback("--allow", [&wanted] { wanted.allows = true; }, "it lets them");
    auto* const deny = verb->add_flag_callback("--deny", [&wanted] { wanted.allows = false; }, "it keeps them out");
    deny->excludes(allow);
    auto const complete = [allow, deny](NewRule& asked) {
        ask_for_model(asked.model);
        ask(asked.role, "--role", "whom it is for, such as '$owner'");
        if (allow->count() + deny->count() == 0) ask_whether_it_allows(asked);
    };
    on_call(verb, options, work, err, complete, add_rule);
}

void add_data_source_verb(CLI::App& app, Work& work, std::ostream& err) {
    auto* verb = add_verb(app, "datasource", "add a data source",
                          "sallyport datasource archive --connector sqlite3 --file archive.db");
    auto const options = options_of<NewDataSource>(verb);
    auto& wanted = options->wanted;
    verb->add_option("NAME", wanted.name, "its name");
    verb->add_option("--connector", wanted.connector, "memory (until exit), sqlite3, transient, mail, sms");
    verb->add_option("--file", wanted.file, "where sqlite3 keeps its records");
    auto const complete = [](NewDataSource& asked) {
        ask(asked.name, "NAME", "its name, as in archive");
        ask(asked.connector, "--connector", "memory (gone at exit), sqlite3, transient, mail or sms", "sqlite3");
        if (asked.connector == "sqlite3") ask(asked.file, "--file", "its file", asked.name + ".db");
    };
    on_call(verb, options, work, err, complete, add_data_source);
}

}  // namespace

void add_generators(CLI::App& app, Work& work, std::ostream& err) {
    add_property_verb(app, work, err);
    add_relation_verb(app, work, err);
    add_acl_verb(app, work, err);
    add_data_source_verb(app, work, err);
}

}  // namespace sallyport::cli
