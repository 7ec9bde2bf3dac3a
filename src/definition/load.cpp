// LoopBack's order: settings, data sources, then models from their bases up, then model-config.json over them, then
// relations in the order in which models are attached.

#include "definition/load.hpp"

#include "definition/apply_mixins.hpp"
#include "definition/built_in.hpp"
#include "definition/check_middleware.hpp"
#include "definition/finish_models.hpp"
#include "definition/known_keys.hpp"
#include "definition/method_names.hpp"
#include "definition/plural.hpp"
#include "definition/principals.hpp"
#include "definition/project_files.hpp"
#include "definition/read_server_files.hpp"
#include "definition/server_keys.hpp"
#include "definition/tie_relations.hpp"
#include "sallyport/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

namespace sallyport::definition {
namespace {

namespace fs = std::filesystem;

class Loading {
public:
    Loading(fs::path const& folder, LoadRules const& rules) : rules_{rules} { project_.folder = folder; }

    Project load() && {
        if (!has_folder()) return finished();
        read_config();
        read_server_files();
        find_model_files();
        read_models();
        configure_models();
        set_id_types();
        take_limits_of_sources();
        tie_relations(drafts_, attach_order(), findings_);
        apply_mixins(drafts_, rules_.mixins, ignore_scripts_, findings_);
        finish_models(drafts_, findings_);
        normalize_paths();
        check_shared_methods();
        check_paths();
        check_scripts();
        for (auto& [name, draft] : drafts_) project_.models.add(std::move(draft.model));
        note_rules_for_nobody(drafts_, project_.models, findings_);
        note_rules_for_no_owner(drafts_, project_.models, findings_);
        return finished();
    }

private:
    Project finished() {
        project_.findings = findings_.take();
        return std::move(project_);
    }

    bool has_folder() {
        if (fs::exists(project_.folder / "server" / "model-config.json")) return true;
        auto const has_server = fs::exists(project_.folder / "server");
        findings_.mistake(
            {.file = has_server ? "server/model-config.json" : project_.folder.generic_string()},
            has_server ? "there is no such file" : "this is no project folder: it has no server/model-config.json",
            "sallyport new NAME makes one");
        return false;
    }

    std::optional<Json> variable(std::string const& name) const {
        if (rules_.variable) {
            if (auto value = rules_.variable(name)) return Json{std::move(*value)};
        }
        auto const* value = project_.config.find(name);
        return value ? std::optional{*value} : std::nullopt;
    }

    /// Nothing where there is no such file, or none that can be read.
    std::optional<Located> read_given_file(std::string const& name) {
        auto file = read_layers(project_.folder, name, rules_.environment, findings_);
        if (file) replace_variables(*file, [this](std::string const& wanted) { return variable(wanted); }, findings_);
        return file;
    }

    Located read_file(std::string const& name) {
        return read_given_file(name).value_or(empty_object(fmt::format("server/{}.json", name)));
    }

    void read_config() {
        auto const config = read_file("config");
        project_.config = config.json().as_object();
        project_.config_places = places_of(config);
        ignore_scripts_ = config.flag("ignoreScripts", false);
        is_strict_ = config.text("compatibility") != "loopback3";
        auto const* remoting = config.find("remoting");
        auto const* shared = remoting ? remoting->find("sharedMethods") : nullptr;
        if (shared) shared_methods_ = *shared;
    }

    void read_server_files() {
        read_data_source_file();
        auto const model_config = read_given_file("model-config");
        has_model_config_ = model_config.has_value();
        model_config_ = model_config.value_or(empty_object("server/model-config.json"));
        project_.model_places = places_of(model_config_);
        if (auto const* meta = model_config_.find("_meta")) check_keys(*meta, meta_keys(), "\"_meta\"", findings_);
        ServerRules const rules{.folder = project_.folder, .ignore_scripts = ignore_scripts_, .is_strict = is_strict_};
        auto const middleware = read_file("middleware");
        check_middleware(middleware, rules, findings_);
        project_.middleware = middleware.json().as_object();
        auto const components = read_file("component-config");
        check_components(components, rules, findings_);
        project_.components = components.json().as_object();
        project_.component_places = places_of(components);
    }

    void read_data_source_file() {
        constexpr auto name = "server/datasources.json";
        auto const file = read_given_file("datasources");
        project_.has_data_sources = file.has_value();
        if (file) project_.data_sources = read_data_sources(*file, findings_);
        if (file || fs::exists(project_.folder / name)) return;
        findings_.mistake({.file = name}, "there is no such file",
                          R"(write it, for instance {"db": {"connector": "sqlite3", "file": "data.db"}})");
    }

    /// Folders with models, relative to the project's; those that begin with "loopback/" are the built-in models.
    std::vector<std::string> sources() {
        auto const* meta = model_config_.find("_meta");
        auto const* listed = meta ? meta->find("sources") : nullptr;
        if (!listed || !listed->is_array()) return {"common/models", "server/models"};
        std::vector<std::string> folders;
        for (auto const& item : listed->items) {
            if (!require_kind(item, kinds::text, "sources", findings_)) continue;
            auto const& text = item.value.as_string();
            if (text.starts_with("loopback/")) continue;
            auto const folder = (fs::path{"server"} / text).lexically_normal().generic_string();
            auto const is_usual = folder == "common/models" || folder == "server/models";
            if (!is_usual && !fs::is_directory(project_.folder / folder)) {
                findings_.mistake(item.place, fmt::format("there is no folder \"{}\"", folder),
                                  "sources are relative to server/");
            }
            folders.push_back(folder);
        }
        return folders;
    }

    void find_model_files() {
        for (auto const& source : sources()) {
            std::vector<std::string> names;
            std::error_code error;
            for (fs::directory_iterator entry{project_.folder / source, error};
                 !error && entry != fs::directory_iterator{}; entry.increment(error)) {
                if (entry->path().extension() == ".json")
                    names.push_back((fs::path{source} / entry->path().filename()).generic_string());
            }
            std::ranges::sort(names);
            for (auto const& name : names) add_model_file(name);
        }
    }

    void add_model_file(std::string const& name) {
        auto file = read_json_file(project_.folder, name, findings_);
        if (!file) file = outline(project_.folder / name, name);
        if (!file) return;
        auto const* member = file->member("name");
        auto const model = file->text("name");
        if (model.empty()) {
            findings_.mistake(member ? member->value.place : file->place, R"(a model needs a "name")",
                              R"(for example "name": "Note")");
            return;
        }
        auto const place = member->value.place;
        auto const same =
            std::ranges::find_if(files_, [&](auto const& other) { return same_letters(other.first, model); });
        if (same != files_.end()) {
            findings_.mistake(place, fmt::format("there are two models \"{}\"", model),
                              fmt::format("see {}:{}", same->second.place.file, same->second.place.line));
            return;
        }
        files_.emplace_back(model, std::move(*file));
    }

    std::vector<std::string> known_names() const {
        std::vector<std::string> names;
        for (auto const& [name, file] : files_) names.push_back(name);
        for (auto const& [name, draft] : drafts_) names.push_back(name);
        return names;
    }

    void read_models() {
        for (auto const& file : built_in_models()) {
            auto const base = drafts_.find(base_of(file));
            auto draft = read_model(
                file, base == drafts_.end() || file.text("name") == "Model" ? nullptr : &base->second, findings_);
            draft.is_built_in = true;
            draft.model.is_public = false;
            auto const name = draft.model.name;
            drafts_.emplace(name, std::move(draft));
        }
        for (auto const& [name, file] : files_) {
            if (drafts_.contains(name)) {
                findings_.mistake(file.find("name")->place, fmt::format("\"{}\" is a built-in model", name),
                                  fmt::format(R"(choose another name, with "base": "{}")", name));
            }
        }
        std::erase_if(files_, [this](auto const& file) { return drafts_.contains(file.first); });
        for (auto const& [name, file] : files_) read_with_base(name, {});
    }

    /// Reads a model after its base. `below` are the models on whose behalf: meeting one again is a circle.
    Draft const* read_with_base(std::string const& name, std::vector<std::string> below) {
        if (auto const known = drafts_.find(name); known != drafts_.end()) return &known->second;
        auto const entry = std::ranges::find(files_, name, [](auto const& file) { return file.first; });
        if (entry == files_.end()) return nullptr;
        auto const& file = entry->second;
        auto const base_name = base_of(file);
        auto const* written = file.find("base");
        auto const place = written ? written->place : file.place;
        below.push_back(name);
        Draft const* base = nullptr;
        if (std::ranges::find(below, base_name) != below.end()) {
            findings_.mistake(place, fmt::format("\"{}\" is, over its bases, based on itself", name),
                              R"(give one of them another "base", such as "PersistedModel")");
        } else {
            base = read_with_base(base_name, below);
            if (!base) complain_about_base(base_name, name, place);
        }
        auto draft = read_model(file, base ? base : &drafts_.at("PersistedModel"), findings_);
        draft.model.is_public = false;
        return &drafts_.insert_or_assign(name, std::move(draft)).first->second;
    }

    void complain_about_base(std::string const& base, std::string const& model, Place const& place) {
        auto hint = did_you_mean(base, known_names());
        if (hint.empty()) hint = R"(use "PersistedModel", "User", another built-in model, or one of common/models)";
        findings_.mistake(place, fmt::format("there is no model \"{}\" to be the base of \"{}\"", base, model),
                          std::move(hint));
    }

    void configure_models() {
        std::set<std::string> used;
        for (auto const& entry : model_config_.members) {
            if (entry.name == "_meta") continue;
            auto const draft = drafts_.find(entry.name);
            if (draft == drafts_.end()) {
                auto hint = did_you_mean(entry.name, known_names());
                findings_.mistake(entry.place, fmt::format("there is no model \"{}\"", entry.name),
                                  hint.empty() ? "write its definition into common/models, or take this out" : hint);
                continue;
            }
            configure(draft->second, entry, findings_);
            check_data_source(draft->second, entry);
            used.insert(entry.name);
            for (auto const& base : draft->second.model.bases) used.insert(base);
        }
        share_methods();
        if (!has_model_config_) return;
        for (auto const& [name, file] : files_) {
            if (used.contains(name)) continue;
            findings_.note(file.find("name")->place,
                           fmt::format("\"{}\" is not in server/model-config.json, so it is not used", name));
        }
    }

    void check_data_source(Draft& draft, LocatedMember const& entry) {
        auto const& name = draft.model.data_source;
        if (name.empty() || source(name) || !project_.has_data_sources) return;
        std::vector<std::string> names;
        for (auto const& known : project_.data_sources) names.push_back(known.name);
        auto hint = did_you_mean(name, names);
        if (hint.empty())
            hint = names.empty() ? "write it into server/datasources.json"
                                 : "server/datasources.json has " + one_of(names);
        findings_.mistake(entry.value.find("dataSource")->place, fmt::format("there is no data source \"{}\"", name),
                          hint);
        draft.model.data_source.clear();
    }

    DataSource const* source(std::string const& name) const {
        auto const found = std::ranges::find(project_.data_sources, name, &DataSource::name);
        return found == project_.data_sources.end() ? nullptr : &*found;
    }

    /// config.json's remoting.sharedMethods hold for every model that does not say otherwise.
    void share_methods() {
        auto const* remoting = project_.config.find("remoting");
        if (!remoting || !(*std::as_const(remoting))["sharedMethods"].is_object()) return;
        auto const shared = (*std::as_const(remoting))["sharedMethods"].as_object();
        for (auto& [name, draft] : drafts_) {
            auto& methods = draft.model.shared_methods;
            std::vector<std::pair<std::string, bool>> merged;
            for (auto const& [method, value] : shared) {
                auto const is_said =
                    std::ranges::find(methods, method, [](auto const& pair) { return pair.first; }) != methods.end();
                if (!is_said && value.is_boolean()) merged.emplace_back(method, value.as_boolean());
            }
            merged.insert(merged.end(), methods.begin(), methods.end());
            methods = std::move(merged);
        }
    }

    /// As share_methods() reads them, but once every method is there.
    void check_shared_methods() {
        std::vector<std::string> names;
        for (auto const& [name, draft] : drafts_) std::ranges::copy(method_names(draft), std::back_inserter(names));
        for (auto const& member : shared_methods_.members) {
            require_kind(member.value, kinds::boolean, member.name, findings_);
            check_method_name({MethodMention::By::shared_methods, member.name, member.place}, names, findings_);
        }
    }

    /// A generated id has the type its store makes: whole numbers, or texts where nothing is stored.
    void set_id_types() {
        for (auto& [name, draft] : drafts_) {
            auto const* store = source(draft.model.data_source);
            if (!store || store->connector == "mail" || store->connector == "sms") continue;
            for (auto& property : draft.model.properties) {
                if (!property.is_id || !property.is_generated) continue;
                property.type.kind =
                    store->connector == "transient" ? PropertyType::Kind::string : PropertyType::Kind::number;
            }
        }
    }

    /// What a model does not say about queries, its data source may.
    void take_limits_of_sources() {
        for (auto& [name, draft] : drafts_) {
            auto const* store = source(draft.model.data_source);
            if (!store) continue;
            auto& settings = draft.model.settings;
            for (auto const* limit : {"prohibitHiddenPropertiesInQuery", "maxDepthOfQuery", "maxDepthOfData"}) {
                auto const& shared = store->settings[limit];
                if (!shared.is_nothing() && std::as_const(settings)[limit].is_undefined()) settings[limit] = shared;
            }
        }
    }

    /// The order of model-config.json, but a base before what is based on it.
    std::vector<std::string> attach_order() const {
        std::vector<std::string> order;
        auto const add = [&](auto const& self, std::string const& name) -> void {
            auto const draft = drafts_.find(name);
            if (draft == drafts_.end() || std::ranges::find(order, name) != order.end()) return;
            auto const& bases = draft->second.model.bases;
            if (!bases.empty()) self(self, bases.front());
            if (!draft->second.model.data_source.empty()) order.push_back(name);
        };
        for (auto const& entry : model_config_.members) add(add, entry.name);
        return order;
    }

    /// What a model says under "remoting" wins over config.json's remoting.rest.
    void normalize_paths() {
        auto const everywhere = normalizes_paths(project_.config);
        for (auto& [name, draft] : drafts_) {
            auto& model = draft.model;
            auto const& own = std::as_const(model.settings)["remoting"]["normalizeHttpPath"];
            model.normalizes_paths = own.is_undefined() ? everywhere : is_truthy(own);
            if (model.normalizes_paths) model.http_path = normalized_path(model.http_path);
        }
    }

    void check_paths() {
        std::map<std::string, Draft const*> by_path;
        for (auto const& [name, draft] : drafts_) {
            if (!draft.model.is_public) continue;
            auto const [other, is_new] = by_path.emplace(to_lower(draft.model.http_path), &draft);
            if (is_new) continue;
            findings_.mistake(draft.place,
                              fmt::format("\"{}\" and \"{}\" are both served at {}", other->second->model.name, name,
                                          draft.model.http_path),
                              R"(give one of them a "plural", or an "http": {"path": ...})");
        }
    }

    void check_scripts() {
        project_.scripts = find_scripts(project_.folder);
        for (auto const& script : project_.scripts) {
            if (ignore_scripts_) {
                findings_.note({.file = script}, "JavaScript is not run");
            } else {
                findings_.mistake({.file = script},
                                  "JavaScript is not run, and this may hold methods, hooks or security rules",
                                  R"(read it, then write "ignoreScripts": true into server/config.json)");
            }
        }
    }

    LoadRules const& rules_;
    Project project_;
    Findings findings_;
    bool ignore_scripts_ = false;
    bool is_strict_ = true;
    Located shared_methods_;  ///< config.json's remoting.sharedMethods
    Located model_config_;
    bool has_model_config_ = false;  ///< It could be read.
    std::vector<std::pair<std::string, Located>> files_;
    Drafts drafts_;
};

Place place_in(Places const& places, std::string_view path, char const* file) {
    auto const* const found = find_place(places, path);
    return found == nullptr ? Place{.file = file} : *found;
}

}  // namespace

bool Project::has_mistakes() const {
    return std::ranges::any_of(findings, [](Finding const& finding) { return finding.kind == Finding::Kind::mistake; });
}

Place Project::config_place(std::string_view path) const { return place_in(config_places, path, "server/config.json"); }

Place Project::model_place(std::string_view path) const {
    return place_in(model_places, path, "server/model-config.json");
}

Place Project::component_place(std::string_view path) const {
    return place_in(component_places, path, "server/component-config.json");
}

bool normalizes_paths(JsonObject const& config) {
    Json const settings{config};
    return is_truthy(settings["remoting"]["rest"]["normalizeHttpPath"]);
}

Project load(fs::path const& folder, LoadRules const& rules) { return Loading{folder, rules}.load(); }

}  // namespace sallyport::definition
