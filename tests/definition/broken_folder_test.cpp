// Folders with one thing wrong, and where that is told.

#include "definition/load.hpp"

#include "folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sallyport::definition {
namespace {

using Files = std::map<std::string, std::string>;

MixinDefinition fake_mixin() {
    return {.name = "TwoFactor",
            .options = {{.name = "channels", .type = {.name = "string", .is_array = true}, .complaint = {}},
                        {.name = "ttl",
                         .type = {.name = "number", .is_array = false},
                         .complaint = [](Json const& value,
                                         Model const&) { return value.as_number() > 600 ? "must be 1 to 600" : ""; }}},
            .apply = {},
            .complaints = [](Model const& model, Json const&) {
                return model.is("User") ? std::vector<std::string>{}
                                        : std::vector<std::string>{"needs a model based on User"};
            }};
}

Files good() {
    return {{"server/config.json", "{}"},
            {"server/datasources.json", R"({"db": {"connector": "memory"}})"},
            {"server/model-config.json", R"({"Note": {"dataSource": "db"}})"},
            {"common/models/note.json", R"({"name": "Note", "properties": {"title": "string"}})"}};
}

std::vector<Finding> findings_of(Files const& files) {
    Folder const folder{files};
    return load(folder.path(), {.environment = "test",
                                .variable =
                                    [](std::string const& name) {
                                        return name == "KNOWN" ? std::optional<std::string>{"x.db"} : std::nullopt;
                                    },
                                .mixins = {fake_mixin()}})
        .findings;
}

std::string all_of(std::vector<Finding> const& findings) {
    std::string text;
    for (auto const& finding : findings) text += (text.empty() ? "" : "\n") + to_text(finding);
    return text;
}

TEST(BrokenFolder, TheGoodOneHasNoFinding) { EXPECT_EQ(all_of(findings_of(good())), ""); }

/// `text` without its "^", which marks a place, and where that is: "file:2:5: ".
std::pair<std::string, std::string> marked(std::string_view file, std::string text) {
    auto const mark = text.find('^');
    auto const before = text.substr(0, mark);
    auto const start = before.rfind('\n') + 1;  // npos + 1 is 0.
    auto const place = std::string{file} + ":" + std::to_string(std::ranges::count(before, '\n') + 1) + ":" +
                       std::to_string(mark - start + 1) + ": ";
    text.erase(mark, 1);
    return {text, place};
}

/// "what|hint" as to_text writes them.
std::string with_hint(std::string text) {
    auto const bar = text.find('|');
    return bar == std::string::npos ? text : text.replace(bar, 1, "\n  hint: ");
}

TEST(BrokenFolder, EachMistakeInAModelIsToldWhereItStands) {
    struct Row {
        char const* note;  ///< "^" stands before the place.
        char const* expected;
    };
    Row const rows[] = {
        {R"({"name": "Note", ^"propertys": {}})", R"(unknown key "propertys" in a model|did you mean "properties"?)"},
        {"{\"name\": \"Note\",\n  ^\"zebra\": 1}", R"(unknown key "zebra" in a model)"},
        {R"({"name": "Note", ^"trackChanges": true})",
         R"(note: "trackChanges" is known to LoopBack, but has no effect here)"},
        {R"({"name": "Note", "plural": ^5})", R"("plural" must be a text)"},
        {R"({"name": "Note", "base": ^"PersistdModel"})",
         R"(there is no model "PersistdModel" to be the base of "Note"|did you mean "PersistedModel"?)"},
        {R"({"name": "Note", "strict": ^"always"})",
         R"("always" is no strict mode|use "filter", "validate" or "throw")"},
        {R"({"name": "Note", "options": {^"strikt": true}})",
         R"(unknown key "strikt" in "options"|did you mean "strict"?)"},
        {R"({"name": "Note", "properties": {"a": ^"strng"}})",
         R"(there is no type or model "strng"|did you mean "string"?)"},
        {R"({"name": "Note", "properties": {"a": ^"integer"}})", R"(there is no type or model "integer"|use "number")"},
        {R"({"name": "Note", "properties": {"a": {"type": "string", ^"requird": true}}})",
         R"(unknown key "requird" in the property "a"|did you mean "required"?)"},
        {R"({"name": "Note", "properties": {"a": ^7}})", R"(7 is no property type|use a name such as "string")"},
        {R"({"name": "Note", "properties": {"a": {"type": "string", "defaultFn": ^"today"}}})",
         R"("today" is no default function|use "now", "guid", "uuid", "uuidv4" or "shortid")"},
        {R"({"name": "Note", "properties": {"a": {"type": "number", "default": ^"x"}}})", R"("x" is no number)"},
        {R"({"name": "Note", "properties": {"a": {"type": "array", "default": ^{}}}})", R"({} is no array)"},
        {R"({"name": "Note", "properties": {^"a.b": "string"}})",
         R"(the property name "a.b" contains a dot|LoopBack refuses such names too)"},
        {R"({"name": "Note", "hidden": [^"titel"], "properties": {"title": "string"}})",
         R"("Note" has no property "titel" to hide|did you mean "title"?)"},
        {R"({"name": "Note", "relations": {"a": {"type": ^"hasMny", "model": "Note"}}})",
         R"("hasMny" is no relation type|did you mean "hasMany"?)"},
        {R"({"name": "Note", "relations": {"a": {"type": "hasMany", "model": ^"Nota"}}})",
         R"(there is no model "Nota"|did you mean "Note"?)"},
        {R"({"name": "Note", "relations": {^"a": {"type": "hasMany"}}})",
         R"(the relation "a" of "Note" needs a "model")"},
        {R"({"name": "Note", "relations": {^"a": {"type": "belongsTo", "model": "User"}}})",
         R"(the relation "a" leads to "User", which has no data source|give it a "dataSource" in server/model-config.json)"},
        {R"({"name": "Note", "acls": [{"permission": ^"allow", "principalId": "$everyone"}]})",
         R"("allow" is no permission|did you mean "ALLOW"?)"},
        {R"({"name": "Note", "acls": [{"permission": "DENY", "principalId": "x", ^"secondFactor": true}]})",
         R"("secondFactor" is a condition of rules that ALLOW)"},
        {R"({"name": "Note", "acls": [{"permission": "ALLOW", "principalId": "x", "freshWithin": ^0}]})",
         R"("freshWithin" is a number of seconds, 1 to 31536000)"},
        {R"({"name": "Note", "acls": [{"permission": "ALLOW", "principalId": "x", "accessType": ^"RAED"}]})",
         R"("RAED" is no access type|did you mean "READ"?)"},
        {R"({"name": "Note", "acls": [{"permission": "ALLOW", "principalId": "x", "principalType": ^"ROLLE"}]})",
         R"("ROLLE" is no principal type|did you mean "ROLE"?)"},
        {R"({"name": "Note", "acls": [^{"principalId": "x"}]})",
         R"(an access rule needs a "permission"|use "ALLOW" or "DENY")"},
        {R"({"name": "Note", "methods": {"go": {"http": {"verb": ^"gat"}}}})",
         R"("gat" is no verb|did you mean "get"?)"},
        {R"({"name": "Note", "methods": {"go": {"accepts": [{"arg": "a", "type": ^"Nota"}]}}})",
         R"(there is no type or model "Nota"|did you mean "Note"?)"},
        {R"({"name": "Note", "validations": [{"property": ^"x", "type": "presence"}]})",
         R"("Note" has no property "x")"},
        {R"({"name": "Note", "properties": {"x": "string"}, "validations": [{"property": "x", "type": "format", "with": ^"("}]})",
         R"(this regular expression cannot be read: missing ): ()"},
        {R"({"name": "Note", "scope": {^"wher": {}}})", R"(unknown key "wher" in "scope"|did you mean "where"?)"},
        {R"({"name": "Note", "mixins": {^"TowFactor": true}})",
         R"(there is no mixin "TowFactor"|did you mean "TwoFactor"?)"},
        {R"({"name": "Note", "base": "User", "mixins": {"TwoFactor": {^"chanels": []}}})",
         R"("TwoFactor" has no option "chanels"|did you mean "channels"?)"},
        {R"({"name": "Note", "base": "User", "mixins": {"TwoFactor": {"channels": ^"sms"}}})",
         R"("channels" must be a list of strings)"},
        {R"({"name": "Note", "base": "User", "mixins": {"TwoFactor": {"ttl": ^601}}})", R"("ttl" must be 1 to 600)"},
        {R"({"name": "Note", "mixins": {^"TwoFactor": true}})", R"("TwoFactor" needs a model based on User)"},
        {R"({"name": "Note", "maxDepthOfQuery": ^0})", R"("maxDepthOfQuery" must be a whole number from 1)"},
        {R"({"name": "Note", "options": {"maxDepthOfData": ^1.5}})",
         R"("maxDepthOfData" must be a whole number from 1)"},
        {R"({"name": "Note", "maxDepthOfData": ^33})", R"(note: "maxDepthOfData" acts as 32: nothing deeper is read)"},
        {R"({"name": "Note", "prohibitHiddenPropertiesInQuery": ^"no"})",
         R"("prohibitHiddenPropertiesInQuery" must be true or false or null)"},
        {R"({"name": "Note", "remoting": {^"normaliseHttpPath": true}})",
         R"(unknown key "normaliseHttpPath" in "remoting"|did you mean "normalizeHttpPath"?)"},
        {R"({"name": "Note", "properties": {"day": {"type": "DateString", "default": ^"zz"}}})",
         R"("zz" is no datestring)"},
        {"{\"name\": \"Note\",\n^}", "unexpected character|a comma before the end of a list is not JSON"},
        {"{\n  ^// hello\n  \"name\": \"Note\"}", "unexpected character|comments are not JSON"},
    };

    for (auto const& row : rows) {
        SCOPED_TRACE(row.note);
        auto files = good();
        auto const [text, place] = marked("common/models/note.json", row.note);
        files["common/models/note.json"] = text;
        auto const found = findings_of(files);
        ASSERT_FALSE(found.empty());
        EXPECT_EQ(to_text(found.front()), place + with_hint(row.expected));
    }
}

TEST(BrokenFolder, EachMistakeInTheServersFilesIsToldWhereItStands) {
    struct Row {
        char const* file;
        char const* text;
        char const* expected;
    };
    Row const rows[] = {
        {"server/model-config.json", R"({"Note": {"dataSource": "bd"}})",
         "server/model-config.json:1:25: there is no data source \"bd\"\n  hint: did you mean \"db\"?"},
        {"server/model-config.json", R"({"Note": {"dataSource": "db"}, "Nota": {"dataSource": "db"}})",
         "server/model-config.json:1:32: there is no model \"Nota\"\n  hint: did you mean \"Note\"?"},
        {"server/model-config.json", R"({"Note": {"dataSource": "db", "publik": true}})",
         "server/model-config.json:1:31: unknown key \"publik\" in the entry of \"Note\"\n  hint: did you mean "
         "\"public\"?"},
        {"server/model-config.json",
         R"({"_meta": {"sources": ["../common/models", "./lost"]}, "Note": {"dataSource": "db"}})",
         "server/model-config.json:1:44: there is no folder \"server/lost\"\n  hint: sources are relative to server/"},
        {"server/datasources.json", R"({"db": {"connector": "memroy"}})",
         "server/datasources.json:1:22: there is no connector \"memroy\"\n  hint: did you mean \"memory\"?"},
        {"server/datasources.json", R"({"db": {"connector": "loopback-connector-mongodb"}})",
         "server/datasources.json:1:22: the connector \"mongodb\" is not built\n  hint: built: \"memory\", "
         "\"transient\", \"sqlite3\" or \"mail\""},
        {"server/datasources.json", R"({"db": {"connector": "sqlite3", "fil": "x"}})",
         "server/datasources.json:1:33: unknown key \"fil\" in the data source \"db\"\n  hint: did you mean \"file\"?"},
        {"server/datasources.json", R"({"db": {"connector": "sqlite3", "file": "${LOST}"}})",
         "server/datasources.json:1:41: \"${LOST}\" stands for nothing\n  hint: set LOST in the environment, or "
         "\"LOST\" in server/config.json"},
        {"server/datasources.json", R"({"db": {"connector": "sqlite3", "file": "data/${KNOWN}"}})",
         "server/datasources.json:1:41: a variable replaces a whole value, but this has \"data/\" before it\n  hint: "
         "put all of it into KNOWN, and write \"${KNOWN}\""},
        {"server/datasources.json",
         R"({"db": {"connector": "memory"}, "mail": {"connector": "mail", "transports": [{"type": "smtp"}]}})",
         "server/datasources.json:1:87: this mail transport is not built\n  hint: built: {\"type\": \"STUB\"}, which "
         "keeps mails in memory"},
        {"server/middleware.json", R"({"auth": {"loopback#token": {"params": {"model": "T"}}}})",
         "server/middleware.json:1:41: note: \"model\" is known to LoopBack, but has no effect here"},
        {"server/middleware.json", R"({"initail": {}})",
         "server/middleware.json:1:2: there is no phase \"initail\"\n  hint: did you mean \"initial\"?"},
        {"server/middleware.json", R"({"files": {"loopback#statik": {}}})",
         "server/middleware.json:1:12: the middleware \"loopback#statik\" is not built in\n  hint: did you mean "
         "\"loopback#static\"?"},
        {"server/middleware.json", R"({"session": {"express-session": {}}})",
         "server/middleware.json:1:14: the middleware \"express-session\" is not built in\n  hint: take it out, or "
         "write \"ignoreScripts\": true into "
         "server/config.json once you know what it did"},
        {"server/component-config.json", R"({"./mine": {}})",
         "server/component-config.json:1:2: the component \"./mine\" is not built in\n  hint: take it out, or write "
         "\"ignoreScripts\": true into "
         "server/config.json once you know what it did"},
        {"server/model-config.local.json", R"({"Note": []})",
         "server/model-config.local.json:1:10: cannot merge a list into an object at \"Note\"\n  hint: see "
         "server/model-config.json:1"},
        {"server/middleware.test.json", "{}",
         "server/middleware.test.json: there is no server/middleware.json that this could override"},
        {"common/models/other.json", R"({"name": "note"})",
         "common/models/other.json:1:10: there are two models \"note\"\n  hint: see common/models/note.json:1"},
        {"common/models/user.json", R"({"name": "User"})",
         "common/models/user.json:1:10: \"User\" is a built-in model\n  hint: choose another name, with \"base\": "
         "\"User\""},
        {"common/models/spare.json", R"({"name": "Spare"})",
         "common/models/spare.json:1:10: note: \"Spare\" is not in server/model-config.json, so it is not used"},
        {"common/models/note.js", "x",
         "common/models/note.js: JavaScript is not run, and this may hold methods, hooks or security rules\n  hint: "
         "read it, then write "
         "\"ignoreScripts\": true into server/config.json"},
    };

    for (auto const& row : rows) {
        SCOPED_TRACE(std::string{row.file} + " " + row.text);
        auto files = good();
        files[row.file] = row.text;
        EXPECT_EQ(all_of(findings_of(files)), row.expected);
    }
}

TEST(BrokenFolder, ACircleOfBasesIsOneMistake) {
    auto files = good();
    files["common/models/note.json"] = R"({"name": "Note", "base": "Memo"})";
    files["common/models/memo.json"] = R"({"name": "Memo", "base": "Note"})";

    EXPECT_EQ(all_of(findings_of(files)),
              "common/models/memo.json:1:10: note: \"Memo\" is not in server/model-config.json, so it is not used\n"
              "common/models/note.json:1:26: \"Note\" is, over its bases, based on itself");
}

TEST(BrokenFolder, TwoModelsAtOnePathAreAMistake) {
    auto files = good();
    files["common/models/memo.json"] = R"({"name": "Memo", "plural": "notes"})";
    files["server/model-config.json"] = R"({"Note": {"dataSource": "db"}, "Memo": {"dataSource": "db"}})";

    EXPECT_EQ(all_of(findings_of(files)),
              "common/models/note.json:1:10: \"Memo\" and \"Note\" are both served at /Notes\n  hint: give one of them "
              "a \"plural\", or an \"http\": {\"path\": ...}");
}

TEST(BrokenFolder, AllMistakesAreToldAtOnceAndInFileOrder) {
    auto files = good();
    files["common/models/note.json"] = "{\"name\": \"Note\",\n \"properties\": {\"b\": \"strng\"},\n \"plurale\": 1}";
    files["server/datasources.json"] = R"({"db": {"connector": "memory", "fille": 1}})";

    auto const found = findings_of(files);

    ASSERT_EQ(found.size(), 3U);
    EXPECT_EQ(found[0].line, 2);
    EXPECT_EQ(found[1].line, 3);
    EXPECT_EQ(found[2].file, "server/datasources.json");
}

TEST(BrokenFolder, ScriptsAreNotedOnceSomeoneLooked) {
    auto files = good();
    files["server/boot/root.js"] = "module.exports = server => {};";
    files["server/node_modules/x/index.js"] = "";
    files["client/app.js"] = "";
    files["server/config.json"] = R"({"ignoreScripts": true})";
    files["common/models/note.json"] = R"({"name": "Note", "mixins": {"TimeStamp": true}})";

    Folder const folder{files};
    auto const project = load(folder.path(), {.environment = "test", .variable = {}, .mixins = {fake_mixin()}});

    EXPECT_FALSE(project.has_mistakes());
    EXPECT_EQ(project.scripts, std::vector<std::string>{"server/boot/root.js"});
    EXPECT_EQ(project.findings.size(), 2U);
}

TEST(BrokenFolder, AFolderThatIsNoProjectSaysSo) {
    Folder const folder;
    auto const project = load(folder.path(), {.environment = "test", .variable = {}, .mixins = {}});

    ASSERT_EQ(project.findings.size(), 1U);
    EXPECT_EQ(project.findings.front().text, "this is no project folder: it has no server/model-config.json");
}

TEST(Layers, OverridesAndVariablesAreLaidOverTheFile) {
    auto files = good();
    files["server/config.json"] =
        R"({"port": 1, "storage": "memory", "remoting": {"json": {"limit": "1kb", "strict": false}}})";
    files["server/config.local.json"] = R"({"port": 2})";
    files["server/config.test.json"] = R"({"port": 3, "remoting": {"json": {"limit": "2kb"}}})";
    files["server/datasources.json"] = R"({"db": {"connector": "${storage}"}})";
    Folder const folder{files};

    auto const project = load(folder.path(), {.environment = "test", .variable = {}, .mixins = {}});

    EXPECT_EQ(all_of(project.findings), "");
    EXPECT_EQ(*project.config.find("port"), Json{3});
    EXPECT_EQ(to_text((*project.config.find("remoting"))), R"({"json":{"limit":"2kb","strict":false}})");
    EXPECT_EQ(project.data_sources.front().connector, "memory");
    EXPECT_EQ(project.config_place("remoting.json.limit").file, "server/config.test.json");
}

TEST(Layers, ADataSourceLimitsItsModelsUnlessTheySayOtherwise) {
    auto files = good();
    files["server/datasources.json"] =
        R"({"db": {"connector": "memory", "maxDepthOfQuery": 5, "maxDepthOfData": 6, "prohibitHiddenPropertiesInQuery": false}})";
    files["common/models/note.json"] = R"({"name": "Note", "maxDepthOfQuery": 20})";
    Folder const folder{files};

    auto const project = load(folder.path(), {.environment = "test", .variable = {}, .mixins = {}});

    EXPECT_EQ(all_of(project.findings), "");
    auto const& note = project.models.get("Note");
    EXPECT_EQ(note.number("maxDepthOfQuery", 0), 20);
    EXPECT_EQ(note.number("maxDepthOfData", 0), 6);
    EXPECT_FALSE(note.flag("prohibitHiddenPropertiesInQuery", true));
}

TEST(Layers, PathsAreNormalizedWhereTheConfigOrTheModelSaysSo) {
    auto files = good();
    files["server/config.json"] = R"({"remoting": {"rest": {"normalizeHttpPath": true}}})";
    files["server/model-config.json"] = R"({"Note": {"dataSource": "db"}, "TeamNote": {"dataSource": "db"},
        "PlainNote": {"dataSource": "db", "options": {"remoting": {"normalizeHttpPath": false}}}})";
    files["common/models/team-note.json"] = R"({"name": "TeamNote", "base": "Note"})";
    files["common/models/plain-note.json"] = R"({"name": "PlainNote"})";
    Folder const folder{files};

    auto const project = load(folder.path(), {.environment = "test", .variable = {}, .mixins = {}});

    EXPECT_EQ(all_of(project.findings), "");
    EXPECT_EQ(project.models.get("TeamNote").http_path, "/team-notes");
    EXPECT_TRUE(project.models.get("TeamNote").normalizes_paths);
    EXPECT_EQ(project.models.get("PlainNote").http_path, "/PlainNotes");
    EXPECT_FALSE(project.models.get("PlainNote").normalizes_paths);
}

TEST(Inheritance, ASubclassAddsToItsBase) {
    auto files = good();
    files["common/models/note.json"] = R"({
        "name": "Note", "strict": true, "hidden": ["pin"],
        "properties": {"title": {"type": "string", "required": true}, "pin": "string", "old": "string", "gone": "string"},
        "acls": [{"permission": "DENY", "principalId": "$everyone"}],
        "methods": {"greet": {"http": {"verb": "get"}}, "stay": {}},
        "scopes": {"a": {"limit": 1}}})";
    files["common/models/memo.json"] = R"({
        "name": "Memo", "base": "Note", "excludeBaseProperties": ["gone"],
        "properties": {"extra": "number", "old": null, "title": "string"},
        "acls": [{"permission": "ALLOW", "principalId": "$owner"}],
        "methods": {"greet": {"http": {"verb": "post"}}},
        "scopes": {"b": {"limit": 2}}})";
    files["server/model-config.json"] =
        R"({"Note": {"dataSource": "db"}, "Memo": {"dataSource": "db", "acls": [{"permission": "DENY", "principalId": "$owner"}]}})";
    Folder const folder{files};

    auto const project = load(folder.path(), {.environment = "test", .variable = {}, .mixins = {}});

    EXPECT_EQ(all_of(project.findings), "");
    auto const& memo = project.models.get("Memo");
    std::vector<std::string> names;
    for (auto const& property : memo.properties) names.push_back(property.name);
    EXPECT_EQ(names, (std::vector<std::string>{"extra", "title", "pin", "id"}));
    EXPECT_FALSE(memo.property("title")->is_required);
    EXPECT_TRUE(memo.property("pin")->is_hidden);
    EXPECT_EQ(memo.strict, Strict::validate);
    EXPECT_EQ(memo.scopes.size(), 2U);
    EXPECT_EQ(memo.bases, (std::vector<std::string>{"Note", "PersistedModel", "Model"}));
    ASSERT_EQ(memo.methods.size(), 2U);
    EXPECT_EQ(memo.methods.front().http.front().verb, "POST");
    ASSERT_EQ(memo.rules.size(), 2U);
    EXPECT_EQ(memo.rules[0].permission, "DENY");
    EXPECT_EQ(memo.rules[1].permission, "DENY");
    EXPECT_EQ(memo.rules[1].principal_id, "$owner");
}

TEST(Inheritance, SeveralUserModelsShareTokensByPrincipalType) {
    auto files = good();
    files["common/models/note.json"] = R"({"name": "Note", "base": "User", "relations": {"accessTokens": {
        "type": "hasMany", "model": "Token", "polymorphic": {"foreignKey": "userId", "discriminator": "principalType"}}}})";
    files["common/models/token.json"] = R"({"name": "Token", "base": "AccessToken", "relations": {"user": {
        "type": "belongsTo", "idName": "id", "polymorphic": {"idType": "string", "foreignKey": "userId", "discriminator": "principalType"}}}})";
    files["server/model-config.json"] =
        R"({"Token": {"dataSource": "db", "public": false}, "Note": {"dataSource": "db"}})";
    Folder const folder{files};

    auto const project = load(folder.path(), {.environment = "test", .variable = {}, .mixins = {}});

    EXPECT_EQ(all_of(project.findings), "");
    auto const& token = project.models.get("Token");
    EXPECT_EQ(token.property("userId")->type.kind, PropertyType::Kind::string);
    EXPECT_EQ(token.property("principalType")->type.kind, PropertyType::Kind::string);
    EXPECT_TRUE(token.relation("user")->is_polymorphic);
    EXPECT_EQ(project.models.get("Note").relation("accessTokens")->discriminator, "principalType");
}

}  // namespace
}  // namespace sallyport::definition
