// ACL rules to allowed or denied, scored bit for bit as LoopBack 3 scores them.

#pragma once

#include "definition/definition.hpp"
#include "sallyport/caller.hpp"
#include "sallyport/clock.hpp"
#include "sallyport/model.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::auth {

/// What is asked for.
struct AccessRequest {
    definition::Model const& model;
    std::string_view property;                ///< The method's short name.
    std::vector<std::string> const& aliases;  ///< Its other names.
    std::string_view access_type;             ///< READ, WRITE, EXECUTE
};

/// Whether a rule applies, and how strongly; -1 if it does not (LoopBack's ACL.getMatchingScore).
///
/// Principals are not compared: whose rule it is decides only its weight.
int score(definition::Rule const& rule, AccessRequest const& request);

/// LoopBack's access type of a method: its own, else from the name and verbs.
std::string access_type_of(MethodSpec const& method);

/// A rule that applies to a request.
struct ScoredRule {
    int score = 0;
    definition::Rule const* rule = nullptr;
};

/// The model's own rules that apply, strongest first; they point into `request.model`. The same for every call of a
/// method, so it can be kept.
///
/// As in LoopBack such a rule must name the method itself or "*": an alias is not enough.
std::vector<ScoredRule> applicable_rules(AccessRequest const& request);

/// An id as LoopBack compares ids: by its text. "" for undefined and null.
std::string id_text(Json const& id);

/// Which model and record a role is asked about.
struct RoleQuestion {
    definition::Model const& model;
    Json const& id;          ///< undefined for none; as sent: "02" is not the id 2.
    Json const* record;      ///< Where it is loaded already.
    Json* loaded = nullptr;  ///< Where to leave the record if it had to be read.
};

class Access {
public:
    enum class Default : std::uint8_t { allow, deny };
    struct Rules {
        Default without_rule = Default::deny;          ///< A model's defaultPermission wins.
        int denied_status = 403;                       ///< For a known caller; a model's aclErrorStatus wins.
        definition::Registry const* models = nullptr;  ///< Says what USER means and which channels a caller has.
        Clock const* clock = nullptr;                  ///< The machine's unless given; for freshWithin.
        /// Told where a rule of ALARM or AUDIT lets somebody in; may be empty.
        std::function<void(Caller const&, AccessRequest const&, definition::Rule const&)> watched = {};
    };
    /// Answers whether the caller has a role; named roles come from the Role and RoleMapping tables.
    using RoleCheck = std::function<Task<bool>(std::string const& role, Caller const&, RoleQuestion const&)>;
    /// Rows of the ACL table that name this model; may be empty: there is no such table.
    using StoredRules = std::function<Task<std::vector<definition::Rule>>(definition::Model const&)>;

    Access(Rules rules, RoleCheck has_role, StoredRules stored_rules);

    /// Returns if the caller may; throws Error: 401 AUTHORIZATION_REQUIRED for a stranger, 401, 403 ACCESS_DENIED or
    /// 404 for a known caller, 401 STEP_UP_REQUIRED where the rule that allows asks for more than the caller has
    /// proven.
    ///
    /// Roles are asked strongest rule first, and none after the one that decides.
    Task<> require(Caller const& caller, AccessRequest const& request, MethodSpec const& method,
                   RoleQuestion const& about) const;

    /// The same, with the rules already found.
    Task<> require(Caller const& caller, AccessRequest const& request, std::vector<ScoredRule> const& own_rules,
                   MethodSpec const& method, RoleQuestion const& about) const;

    /// The roles of the caller that a rule for this request names without denying it (LoopBack's authorizedRoles). All
    /// of them are asked: dearer than require().
    Task<std::vector<std::string>> authorized_roles(Caller const& caller, AccessRequest const& request,
                                                    std::vector<ScoredRule> const& own_rules,
                                                    RoleQuestion const& about) const;

private:
    /// Whether the caller has the role a rule names; each role is asked once.
    using Asked = std::vector<std::pair<std::string_view, bool>>;
    Task<bool> is_in_role(std::string_view role, Caller const& caller, RoleQuestion const& about, Asked& asked) const;
    Task<definition::Rule const*> winner(Caller const& caller, AccessRequest const& request,
                                         std::vector<ScoredRule> const& rules, RoleQuestion const& about) const;
    bool is_principal(Caller const& caller, definition::Rule const& rule) const;
    void settle(Caller const& caller, AccessRequest const& request, definition::Rule const* rule, Json const& id) const;
    [[noreturn]] void deny(Caller const& caller, definition::Model const& model, Json const& id) const;
    void require_conditions(Caller const& caller, AccessRequest const& request, definition::Rule const& rule) const;

    Rules rules_;
    RoleCheck has_role_;
    StoredRules stored_rules_;
    std::string user_principal_;
};

}  // namespace sallyport::auth
