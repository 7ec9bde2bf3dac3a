// Folders with one thing wrong, and where that is told.

#include "definition/load.hpp"

#include "folder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace sallyport::definition {
namespace {

using Files = std::map<std::string, std::string>;

MixinDefinition fake_mixin() {
    return {.name = "TwoFactor",
            .options = {{.name = "channels", .type = {.name = "string", .is_array = true}, .check = {}},
                        {.name = "ttl",
                         .type = {.name = "number", .is_array = false},
                         .check =
                             [](Located const& value, Model const&, Findings& findings) {
                                 if (value.value.as_number() > 600)
                                     findings.mistake(value.place, "\"ttl\" must be 1 to 600", "300 is usual");
                             }}},
            .apply = {},
            .check = [](Located const&, Place const& name, Model const& model, Findings& findings) {
                if (!model.is("User")) findings.mistake(name, "\"TwoFactor\" needs a model based on User", "see there");
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
                                .variable = [](std::string const& name) -> std::optional<std::string> {
                                    if (name == "MAIL_PORT") return "2525";
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

TEST(BrokenFolder, AVariableMayHoldANumberAndQuotesMayNot) {
    auto const with_port = [](std::string_view port) {
        auto files = good();
        files["server/datasources.json"] = fmt::format(R"({{"db": {{"connector": "memory"}},
            "mail": {{"connector": "mail", "transports": [{{"type": "smtp", "host": "localhost", "port": "{}"}}]}}}})",
                                                       port);
        return all_of(findings_of(files));
    };
    EXPECT_EQ(with_port("${MAIL_PORT}"), "");
    for (auto const* no_number : {"2525", "${KNOWN}"})
        EXPECT_TRUE(with_port(no_number).contains("\"port\" must be a number")) << no_number;
}

/// `text` without its "^", which marks a place, and where that is: "file:2:5: ".
std::pair<std::string, std::string> marked(std::string_view file, std::string text) {
    auto const mark = text.find('^');
    if (mark == std::string::npos) return {text, ""};
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
        {"{\"name\": \"Note\",\n  ^\"zebra\": 1}",
         R"(unknown key "zebra" in a model|take it out: LoopBack knows no such key)"},
        {R"({"name": "Note", ^"trackChanges": true})",
         R"(note: "trackChanges" is known to LoopBack, but has no effect here)"},
        {R"({"name": "Note", "plural": ^5})", R"("plural" must be a text|put it between double quotes)"},
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
         R"("today" is no default function|use "now", "guid", "uuid", "uuidv4", "shortid" or "nanoid")"},
        {R"({"name": "Note", "properties": {"a": {"type": "number", "default": ^"x"}}})",
         R"("x" is no number|change the default, or the type)"},
        {R"({"name": "Note", "properties": {"a": {"type": "array", "default": ^{}}}})",
         R"({} is no array|change the default, or the type)"},
        {R"({"name": "Note", "properties": {^"a.b": "string"}})",
         R"(the property name "a.b" contains a dot|LoopBack refuses such names too)"},
        {R"({"name": "Note", "hidden": [^"titel"], "properties": {"title": "string"}})",
         R"("Note" has no property "titel" to hide|did you mean "title"?)"},
        {R"({"name": "Note", "relations": {"a": {"type": ^"hasMny", "model": "Note"}}})",
         R"("hasMny" is no relation type|did you mean "hasMany"?)"},
        {R"({"name": "Note", "relations": {"a": {"type": "hasMany", "model": ^"Nota"}}})",
         R"(there is no model "Nota"|did you mean "Note"?)"},
        {R"({"name": "Note", "relations": {^"a": {"type": "hasMany"}}})",
         R"(the relation "a" of "Note" needs a "model"|name the other side: "model": "...")"},
        {R"({"name": "Note", "relations": {^"a": {"type": "belongsTo", "model": "User"}}})",
         R"(the relation "a" leads to "User", which has no data source|give it a "dataSource" in server/model-config.json)"},
        {R"({"name": "Note", "acls": [{"permission": ^"allow", "principalId": "$everyone"}]})",
         R"("allow" is no permission|did you mean "ALLOW"?)"},
        {R"({"name": "Note", "acls": [{"permission": "DENY", "principalId": "x", ^"secondFactor": true}]})",
         R"("secondFactor" is a condition of rules that ALLOW|take it out, or write "permission": "ALLOW")"},
        {R"({"name": "Note", "acls": [{"permission": "ALLOW", "principalId": "x", "freshWithin": ^0}]})",
         R"("freshWithin" is a number of seconds, 1 to 31536000|300 asks for a login of the last five minutes)"},
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
         R"("Note" has no property "x"|declare it under "properties")"},
        {R"({"name": "Note", "properties": {"x": "string"}, "validations": [{"property": "x", "type": "format", "with": ^"("}]})",
         R"(this regular expression cannot be read: missing ): (|expressions are RE2's: no lookahead, no references back)"},
        {R"({"name": "Note", "scope": {^"wher": {}}})", R"(unknown key "wher" in "scope"|did you mean "where"?)"},
        {R"({"name": "Note", "mixins": {^"TowFactor": true}})",
         R"(there is no mixin "TowFactor"|did you mean "TwoFactor"?)"},
        {R"({"name": "Note", "base": "User", "mixins": {"TwoFactor": {^"chanels": []}}})",
         R"("TwoFactor" has no option "chanels"|did you mean "channels"?)"},
        {R"({"name": "Note", "base": "User", "mixins": {"TwoFactor": {"channels": ^"sms"}}})",
         R"("channels" must be a list of strings|write [ ... ])"},
        {R"({"name": "Note", "base": "User", "mixins": {"TwoFactor": {"ttl": ^601}}})",
         R"("ttl" must be 1 to 600|300 is usual)"},
        {R"({"name": "Note", "mixins": {^"TwoFactor": true}})", R"("TwoFactor" needs a model based on User|see there)"},
        {R"({"name": "Note", "base": ^"Nowhere"})",
         R"(there is no model "Nowhere" to be the base of "Note"|use "PersistedModel", "User", another built-in model, or one of common/models)"},
        {R"({"name": "Note", "http": {^"pth": "aaa"}})", R"(unknown key "pth" in "http"|did you mean "path"?)"},
        {R"({"name": "Note", "remoting": {^"normalizeHttpPth": true}})",
         R"(unknown key "normalizeHttpPth" in "remoting"|did you mean "normalizeHttpPath"?)"},
        {R"({"name": "Note", "options": {"http": {^"pth": "aaa"}}})",
         R"(unknown key "pth" in "http"|did you mean "path"?)"},
        {R"({"name": "Note", "sqlite3": {^"tabel": "t"}})",
         R"(unknown key "tabel" in "sqlite3"|did you mean "table"?)"},
        {R"({"name": "Note", "base": "User", "verifyOptions": {^"subjekt": "x"}})",
         R"(unknown key "subjekt" in "verifyOptions"|did you mean "subject"?)"},
        {R"({"name": "Note", "properties": {"a": {"type": "string", "required": ^"yes"}}})",
         R"("required" must be true or false or an object|write true or false, without quotes)"},
        {R"({"name": "Note", "properties": {"a": {"type": "string", "required": {^"mesage": "x"}}}})",
         R"(unknown key "mesage" in "required"|did you mean "message"?)"},
        {R"({"name": "Note", "properties": {"a": {"type": "string", "index": {^"uniq": true}}}})",
         R"(unknown key "uniq" in "index"|did you mean "unique"?)"},
        {R"({"name": "Note", "properties": {"a": {"type": "string", "sqlite3": {^"colunmName": "b"}}}})",
         R"(unknown key "colunmName" in "sqlite3"|did you mean "columnName"?)"},
        {R"({"name": "Note", "properties": {"a": "string"}, "indexes": {"i": {^"kes": {"a": 1}}}})",
         R"(unknown key "kes" in the index "i"|did you mean "keys"?)"},
        {R"({"name": "Note", "properties": {"name": "string"}, "indexes": {"i": {"keys": {^"nam": 1}}}})",
         R"("Note" has no property "nam" to index|did you mean "name"?)"},
        {R"({"name": "Note", "indexes": {"i": {^"nope": 1}}})",
         R"("Note" has no property "nope" to index|declare it under "properties")"},
        {R"({"name": "Note", "properties": {"name": "string"}, "indexes": {"i": {"columns": ^"NAME, nope"}}})",
         R"("Note" has no property "nope" to index|declare it under "properties")"},
        {R"({"name": "Note", "indexes": {^"i": {"unique": true}}})",
         R"(the index "i" names no properties|for example "keys": {"name": 1})"},
        {R"({"name": "Note", "indexes": {"i": {"keys": "id", "options": {^"uniqe": true}}}})",
         R"(unknown key "uniqe" in "options"|did you mean "unique"?)"},
        {R"({"name": "Note", "relations": {"a": {"type": "belongsTo", "polymorphic": {^"idTyp": "string"}}}})",
         R"(unknown key "idTyp" in "polymorphic"|did you mean "idType"?)"},
        {R"({"name": "Note", "methods": {"go": {"accepts": {"arg": "a", "http": {^"sorce": "body"}}}}})",
         R"(unknown key "sorce" in "http"|did you mean "source"?)"},
        {R"({"name": "Note", "acls": [{"permission": "ALLOW", "principalId": ^"$evryone"}]})",
         R"(there is no role "$evryone"|did you mean "$everyone"?)"},
        {R"({"name": "Note", "acls": [{"permission": "ALLOW", "principalId": ^"$bosses"}]})",
         R"(there is no role "$bosses"|use "$everyone", "$authenticated", "$unauthenticated" or "$owner"; a role of your own has no "$")"},
        {R"({"name": "Note", "acls": [{"permission": "ALLOW", "principalId": ^"$related"}]})",
         R"(note: "$related" is known to LoopBack, but has no effect here)"},
        {R"({"name": "Note", "acls": [{"permission": "DENY", "principalType": "ROLE", "principalId": ^"everyone"}]})",
         R"(note: "everyone" is a role that people are given, and not LoopBack's "$everyone"|did you mean "$everyone"?)"},
        {R"({"name": "Note", "acls": [{"permission": "ALLOW", "principalId": ^"$owner"}]})",
         R"(note: nobody is the "$owner" of a "Note"|add a belongsTo relation to a user model, or a property "userId")"},
        {R"({"name": "Note", "base": "User", "mixins": {"TwoFactor": ^"yes"}})",
         R"("TwoFactor" must be true or an object|write { ... } with its options)"},
        {R"({"name" ^"Note"})",
         "unexpected character|look here, and just before, for a missing comma, quote or bracket"},
        {R"({"name": "Note", "maxDepthOfQuery": ^0})",
         R"("maxDepthOfQuery" must be a whole number from 1|LoopBack's own are 12 for queries and 32 for data)"},
        {R"({"name": "Note", "options": {"maxDepthOfData": ^1.5}})",
         R"("maxDepthOfData" must be a whole number from 1|LoopBack's own are 12 for queries and 32 for data)"},
        {R"({"name": "Note", "base": "User", "ttl": ^0})",
         R"("ttl" is a number of seconds, 1 to 31556926|86400 is a day)"},
        {R"({"name": "Note", "base": "User", "ttl": ^-1})",
         R"("ttl" is a number of seconds, 1 to 31556926|86400 is a day)"},
        {R"({"name": "Note", "base": "User", "maxTTL": ^31556927})",
         R"("maxTTL" is a number of seconds, 1 to 31556926|86400 is a day)"},
        {R"({"name": "Note", "base": "User", "options": {"resetPasswordTokenTTL": ^86401}})",
         R"("resetPasswordTokenTTL" is a number of seconds, 1 to 86400|900 is usual)"},
        {R"({"name": "Note", "base": "User", "resetPasswordTokenTTL": ^0.5})",
         R"("resetPasswordTokenTTL" is a number of seconds, 1 to 86400|900 is usual)"},
        {R"({"name": "Note", "acls": [{"permission": "ALLOW", "principalId": "x", "freshWithin": ^31536001}]})",
         R"("freshWithin" is a number of seconds, 1 to 31536000|300 asks for a login of the last five minutes)"},
        {R"({"name": "Note", "maxDepthOfData": ^33})", R"(note: "maxDepthOfData" acts as 32: nothing deeper is read)"},
        {R"({"name": "Note", "prohibitHiddenPropertiesInQuery": ^"no"})",
         R"("prohibitHiddenPropertiesInQuery" must be true or false or null|write true or false, without quotes)"},
        {R"({"name": "Note", "remoting": {^"normaliseHttpPath": true}})",
         R"(unknown key "normaliseHttpPath" in "remoting"|did you mean "normalizeHttpPath"?)"},
        {R"({"name": "Note", "properties": {"day": {"type": "DateString", "default": ^"zz"}}})",
         R"("zz" is no datestring|change the default, or the type)"},
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
        for (auto const& finding : found)
            EXPECT_TRUE(finding.kind == Finding::Kind::note || !finding.hint.empty()) << to_text(finding);
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
         "\"transient\", \"sqlite3\", \"mail\" or \"sms\""},
        {"server/datasources.json", R"({"db": {"connector": "sqlite3", "fil": "x"}})",
         "server/datasources.json:1:33: unknown key \"fil\" in the data source \"db\"\n  hint: did you mean \"file\"?"},
        {"server/datasources.json", R"({"db": {"connector": "sqlite3", "file": "${LOST}"}})",
         "server/datasources.json:1:41: \"${LOST}\" stands for nothing\n  hint: set LOST in the environment, or "
         "\"LOST\" in server/config.json"},
        {"server/datasources.json", R"({"db": {"connector": "sqlite3", "file": "data/${KNOWN}"}})",
         "server/datasources.json:1:41: a variable replaces a whole value, but this has \"data/\" before it\n  hint: "
         "put all of it into KNOWN, and write \"${KNOWN}\""},
        {"server/datasources.json",
         R"({"db": {"connector": "memory"}, "mail": {"connector": "mail", "transports": [{"type": "sendmail"}]}})",
         "server/datasources.json:1:87: this mail transport is not built\n  hint: built: {\"type\": \"smtp\", "
         "\"host\": \"...\"}, and {\"type\": \"STUB\"}, which keeps mails in memory"},
        {"server/middleware.json", R"({"auth": {"loopback#token": {"params": {"cookies": "T"}}}})",
         "server/middleware.json:1:41: note: \"cookies\" is known to LoopBack, but has no effect here"},
        {"server/datasources.json",
         R"({"db": {"connector": "memory"}, "mail": {"connector": "mail", "transports": [{"type": "STUB", "hots": "x"}]}})",
         "server/datasources.json:1:95: unknown key \"hots\" in a mail transport\n  hint: did you mean \"host\"?"},
        {"server/datasources.json",
         R"({"db": {"connector": "memory"}, "mail": {"connector": "mail", "transport": {"type": "sendmail"}}})",
         "server/datasources.json:1:85: this mail transport is not built\n  hint: built: {\"type\": \"smtp\", "
         "\"host\": \"...\"}, and {\"type\": \"STUB\"}, which keeps mails in memory"},
        {"server/model-config.json", R"({"_meta": {"mixns": []}, "Note": {"dataSource": "db"}})",
         "server/model-config.json:1:12: unknown key \"mixns\" in \"_meta\"\n  hint: did you mean \"mixins\"?"},
        {"server/middleware.json", R"({"initial": {"cors": {"params": {"orign": []}}}})",
         "server/middleware.json:1:34: unknown key \"orign\" in the params of \"cors\"\n  hint: did you mean "
         "\"origin\"?"},
        {"server/middleware.json", R"({"initial": {"cors": [{"params": [{"orign": []}]}]}})",
         "server/middleware.json:1:36: unknown key \"orign\" in the params of \"cors\"\n  hint: did you mean "
         "\"origin\"?"},
        {"server/middleware.json", R"({"initial": {"cors": {"params": {"origin": true, "credentials": true}}}})",
         "server/middleware.json:1:50: note: any site could act with a user's cookies, so this \"cors\" is switched "
         "off\n  hint: list the sites: \"origin\": [\"https://app.example\"]"},
        {"server/middleware.json", R"({"initial": {"cors": {"params": {"credentials": true}}}})",
         "server/middleware.json:1:34: note: any site could act with a user's cookies, so this \"cors\" is switched "
         "off\n  hint: list the sites: \"origin\": [\"https://app.example\"]"},
        {"server/middleware.json",
         R"({"initial": {"cors": {"params": {"origin": ["https://a.test"], "credentials": true}}}})", ""},
        {"server/middleware.json", R"({"initial": {"compression": {"params": {"threshhold": 1}}}})",
         "server/middleware.json:1:41: unknown key \"threshhold\" in the params of \"compression\"\n  hint: did you "
         "mean \"threshold\"?"},
        {"server/middleware.json", R"({"initial": {"helmet#frameguard": {"params": {"acton": "deny"}}}})",
         "server/middleware.json:1:47: unknown key \"acton\" in the params of \"helmet#frameguard\"\n  hint: did you "
         "mean \"action\"?"},
        {"server/middleware.json", R"({"initial": {"helmet": {}, "helmet#frameguard": {"params": "deny"}}})", ""},
        {"server/middleware.json", R"({"initial": {"compression": {"paths": ["/a"]}}})",
         "server/middleware.json:1:30: note: \"paths\" is known to LoopBack, but has no effect here"},
        {"server/middleware.json", R"({"files": {"loopback#static": {"params": "$!../cilent"}}})",
         "server/middleware.json:1:42: there is no folder \"$!../cilent\"\n  hint: paths are relative to server/: "
         "\"$!../client\" is the folder client beside it"},
        {"server/middleware.json", R"({"files": {"loopback#static": {"params": "$!../common"}}})", ""},
        {"server/middleware.json", R"({"files": {"loopback#static": {"enabled": false, "params": "$!../cilent"}}})",
         ""},
        {"server/middleware.json", R"({"files": {"loopback#static": [{"params": "$!../common"}]}})", ""},
        {"server/middleware.json",
         R"({"files": {"loopback#static": [{"params": "$!../common"}, {"enabled": false, "params": "$!../old"}]}})",
         ""},
        {"server/middleware.json",
         R"({"files": {"loopback#static": [{"params": "$!../common"}, {"params": "$!../server"}]}})",
         "server/middleware.json:1:31: only one folder is served\n  hint: write one { \"params\": \"$!../client\" }"},
        {"server/component-config.json", R"({"loopback-component-explorer": {"mountPaht": "/x"}})",
         "server/component-config.json:1:34: unknown key \"mountPaht\" in \"loopback-component-explorer\"\n  hint: did "
         "you mean \"mountPath\"?"},
        {"server/component-config.json", R"({"loopback-component-explorer": {"uiDirs": "x"}})",
         "server/component-config.json:1:34: note: \"uiDirs\" is known to LoopBack, but has no effect here"},
        {"server/config.json", R"({"remoting": {"sharedMethods": {"fnd": false}}})",
         "server/config.json:1:33: there is no method \"fnd\"\n  hint: did you mean \"find\"? If C++ adds a \"fnd\", "
         "declare it under \"methods\""},
        {"server/config.json", R"({"remoting": {"sharedMethods": {"find": "no"}}})",
         "server/config.json:1:41: \"find\" must be true or false\n  hint: write true or false, without quotes"},
        {"server/middleware.json", R"({"initail": {}})",
         "server/middleware.json:1:2: there is no phase \"initail\"\n  hint: did you mean \"initial\"?"},
        {"server/middleware.json", R"({"files": {"loopback#statik": {}}})",
         "server/middleware.json:1:12: the middleware \"loopback#statik\" is not built in\n  hint: did you mean "
         "\"loopback#static\"?"},
        {"server/middleware.json", R"({"session": {"express-session": {}}})",
         "server/middleware.json:1:14: the middleware \"express-session\" is not built in\n  hint: take it out, or "
         "write \"ignoreScripts\": true into "
         "server/config.json once you know what it did"},
        {"server/component-config.json", R"({"loopback-component-push": {}})",
         "server/component-config.json:1:2: the component \"loopback-component-push\" is not built in\n  hint: take it "
         "out, or write \"ignoreScripts\": true into server/config.json once you know what it did"},
        {"server/component-config.json", R"({"loopback-component-explorre": {}})",
         "server/component-config.json:1:2: the component \"loopback-component-explorre\" is not built in\n  hint: did "
         "you mean \"loopback-component-explorer\"?"},
        {"server/middleware.json", R"({"initial": {"helmet#hpkp": {}}})",
         "server/middleware.json:1:14: the middleware \"helmet#hpkp\" is not built in\n  hint: take it out, or write "
         "\"ignoreScripts\": true into server/config.json once you know what it did"},
        {"server/component-config.json", R"({"./mine": {}})",
         "server/component-config.json:1:2: the component \"./mine\" is not built in\n  hint: take it out, or write "
         "\"ignoreScripts\": true into "
         "server/config.json once you know what it did"},
        {"server/model-config.local.json", R"({"Note": []})",
         "server/model-config.local.json:1:10: cannot merge a list into an object at \"Note\"\n  hint: see "
         "server/model-config.json:1"},
        {"server/middleware.test.json", "{}",
         "server/middleware.test.json: there is no server/middleware.json that this could override\n  hint: write "
         "server/middleware.json, or remove "
         "this file"},
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

// C++ adds methods later, so only what looks like a known name, or is its other form, stops the start.
TEST(BrokenFolder, AMethodNobodyHasIsAMistakeWhereItLooksLikeOneSomebodyHas) {
    struct Row {
        char const* note;      ///< "^" stands before the place.
        char const* expected;  ///< "" for no finding.
    };
    Row const rows[] = {
        {R"("remoting": {"sharedMethods": {^"fnd": false}})",
         R"(there is no method "fnd"|did you mean "find"? If C++ adds a "fnd", declare it under "methods")"},
        {R"("remoting": {"sharedMethods": {^"patchAttributes": false}})",
         R"(there is no method "patchAttributes"|write "prototype.patchAttributes")"},
        {R"("remoting": {"sharedMethods": {^"pong": false}})",
         R"(note: there is no method "pong"|this has an effect only if C++ adds one)"},
        {R"("remoting": {"sharedMethods": {^"login*": false}})",
         R"(note: there is no method "login*"|this has an effect only if C++ adds one)"},
        {R"("remoting": {"sharedMethods": {"*": false, "find*": true, "prototype.__get__notes": true, "upsert": false}})",
         ""},
        {R"("remoting": {"sharedMethods": {"fnd": false}}, "methods": {"fnd": {}})", ""},
        {R"("acls": [{"permission": "DENY", "principalId": "$everyone", "property": ^"fnid"}])",
         R"(there is no method "fnid"|did you mean "find"? If C++ adds a "fnid", declare it under "methods")"},
        {R"("acls": [{"permission": "DENY", "principalId": "x", "property": ["find", ^"prototype.patchAttributes"]}])",
         R"(there is no method "prototype.patchAttributes"|write "patchAttributes")"},
        {R"("acls": [{"permission": "DENY", "principalId": "$everyone", "property": ^"pong"}])",
         R"(note: there is no method "pong"|this has an effect only if C++ adds one)"},
        {R"("acls": [{"permission": "DENY", "principalId": "x", "property": ["*", "patchAttributes", "__get__notes"]}])",
         ""},
        {R"("acls": [{"permission": "DENY", "principalId": "x", "property": ["find", ^"updateAttributes"]}])",
         R"("updateAttributes" is another name of "patchAttributes", and a rule has to say that one|write "patchAttributes")"},
        {R"("acls": [{"permission": "DENY", "principalId": "x", "property": ["upsert", "patchOrCreate", "updateOrCreate"]}])",
         ""},
        {R"("acls": [{"permission": "DENY", "principalId": "x", "property": "removeById"},
                     {"permission": "DENY", "principalId": "x", "property": "deleteById"}])",
         ""},
        {R"("acls": [{"permission": "DENY", "principalId": "x", "property": ^"removeById"},
                     {"permission": "ALLOW", "principalId": "x", "property": "deleteById"}])",
         R"("removeById" is another name of "deleteById", and a rule has to say that one|write "deleteById")"},
        {R"("acls": [{"permission": "ALLOW", "principalId": "x", "property": ^"update"}])",
         R"(note: "update" is another name of "updateAll", and a rule has to say that one|write "updateAll")"},
        {R"("acls": [{"permission": "DENY", "principalId": "x", "property": ^"stop"}], "methods": {"halt": {"aliases": ["stop"]}})",
         R"("stop" is another name of "halt", and a rule has to say that one|write "halt")"},
        {R"("acls": [{"permission": "DENY", "principalId": "x", "property": "upsert"}], "methods": {"upsert": {}})",
         ""},
    };

    for (auto const& row : rows) {
        SCOPED_TRACE(row.note);
        auto files = good();
        auto const [text, place] =
            marked("common/models/note.json",
                   R"({"name": "Note", "relations": {"notes": {"type": "hasMany", "model": "Note"}}, )" +
                       std::string{row.note} + "}");
        files["common/models/note.json"] = text;
        EXPECT_EQ(all_of(findings_of(files)), place + with_hint(row.expected));
    }
}

TEST(BrokenFolder, CorsForAllWithCredentialsIsLeftAloneWhereCompatible) {
    auto files = good();
    files["server/config.json"] = R"({"compatibility": "loopback3"})";
    files["server/middleware.json"] = R"({"initial": {"cors": {"params": {"origin": true, "credentials": true}}}})";

    EXPECT_EQ(all_of(findings_of(files)), "");
}

TEST(BrokenFolder, ATokenThatNeverExpiresMayBeTheUsualOneWhereThatIsAllowed) {
    auto files = good();
    files["common/models/note.json"] =
        R"({"name": "Note", "base": "User", "ttl": -1, "maxTTL": -1, "allowEternalTokens": true})";

    EXPECT_EQ(all_of(findings_of(files)), "");
}

TEST(BrokenFolder, ACircleOfBasesIsOneMistake) {
    auto files = good();
    files["common/models/note.json"] = R"({"name": "Note", "base": "Memo"})";
    files["common/models/memo.json"] = R"({"name": "Memo", "base": "Note"})";

    EXPECT_EQ(
        all_of(findings_of(files)),
        "common/models/memo.json:1:10: note: \"Memo\" is not in server/model-config.json, so it is not used\n"
        "common/models/note.json:1:26: \"Note\" is, over its bases, based on itself\n  hint: give one of them another "
        "\"base\", such as \"PersistedModel\"");
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

TEST(BrokenFolder, OneBuiltInForLoopBackOnlyIsNotedOnceSomeoneLooked) {
    auto files = good();
    files["server/config.json"] = R"({"ignoreScripts": true})";
    files["server/component-config.json"] = R"({"loopback-component-storage": {}})";

    EXPECT_EQ(
        all_of(findings_of(files)),
        "server/component-config.json:1:2: note: the component \"loopback-component-storage\" is not built in, so "
        "it does nothing here");
}

TEST(BrokenFolder, ARuleForTheOwnerIsLeftAloneWhereThereIsOne) {
    for (auto const* owner :
         {R"("properties": {"userId": "number"})", R"("properties": {"owner": "string"})",
          R"("relations": {"writer": {"type": "belongsTo", "model": "User"}})", R"("base": "User")"}) {
        auto files = good();
        files["server/model-config.json"] = R"({"Note": {"dataSource": "db"}, "User": {"dataSource": "db"}})";
        files["common/models/note.json"] = fmt::format(
            R"({{"name": "Note", {}, "acls": [{{"permission": "ALLOW", "principalId": "$owner"}}]}})", owner);
        EXPECT_EQ(all_of(findings_of(files)), "") << owner;
    }
}

// What follows from a file that is not there, or cannot be read, is no mistake of the others.
TEST(BrokenFolder, AFileThatCannotBeReadIsOneMistake) {
    struct Row {
        char const* file;
        char const* text;  ///< null for no such file.
        char const* expected;
    };
    Row const rows[] = {
        {"server/datasources.json", nullptr,
         "server/datasources.json: there is no such file\n  hint: write it, for instance {\"db\": {\"connector\": "
         "\"sqlite3\", \"file\": \"data.db\"}}"},
        {"server/datasources.json", "{",
         "server/datasources.json:1:2: unexpected end of the text\n  hint: look for a quote or bracket that is opened "
         "but not "
         "closed"},
        {"server/model-config.json", "{",
         "server/model-config.json:1:2: unexpected end of the text\n  hint: look for a quote or bracket that is opened "
         "but not "
         "closed"},
        {"server/model-config.json", nullptr,
         "server/model-config.json: there is no such file\n  hint: sallyport new NAME makes one"},
        {"common/models/memo.json", R"({"name": "Memo", "base": "User", "plural": })",
         "common/models/memo.json:1:44: unexpected character\n  hint: look here, and just before, for a missing comma, "
         "quote or bracket"},
        {"common/models/folder.json/x", "",
         "common/models/folder.json: this is a folder, and a file is read here\n  hint: give it another name"},
        {"server/config.local.json/x", "",
         "server/config.local.json: this is a folder, and a file is read here\n  hint: give it another name"},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(fmt::format("{} {}", row.file, row.text ? row.text : "-"));
        auto files = good();
        files["server/model-config.json"] = R"({"Note": {"dataSource": "db"}, "Memo": {"dataSource": "db"}})";
        files["common/models/note.json"] =
            R"({"name": "Note", "relations": {"memo": {"type": "belongsTo", "model": "Memo"}}})";
        files["common/models/memo.json"] = R"({"name": "Memo", "base": "User"})";
        files[row.file] = row.text ? row.text : "";
        if (row.text == nullptr) files.erase(row.file);
        EXPECT_EQ(all_of(findings_of(files)), row.expected);
    }
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
        "acls": [{"permission": "ALLOW", "principalId": "$authenticated"}],
        "methods": {"greet": {"http": {"verb": "post"}}},
        "scopes": {"b": {"limit": 2}}})";
    files["server/model-config.json"] =
        R"({"Note": {"dataSource": "db"}, "Memo": {"dataSource": "db", "acls": [{"permission": "DENY", "principalId": "$authenticated"}]}})";
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
    EXPECT_EQ(memo.rules[1].principal_id, "$authenticated");
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
