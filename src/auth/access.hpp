// ACL rules to allowed or denied, scored bit for bit as LoopBack 3 scores them.

#pragma once

#include "definition/definition.hpp"
#include "sallyport/caller.hpp"
#include "sallyport/model.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::auth {

/// What is asked for.
struct AccessRequest {
    definition::Model const& model;
    std::string_view property;               ///< The method's short name.
    std::vector<std::string> const& aliases; ///< Its other names.
    std::string_view access_type;            ///< READ, WRITE, EXECUTE
};

/// Whether a rule applies, and how strongly; -1 if it does not (LoopBack's ACL.getMatchingScore).
int score(definition::Rule const& rule, AccessRequest const& request);

/// LoopBack's access type of a method: its own, else from the name and verbs.
std::string access_type_of(MethodSpec const& method);

/// Which model and record a role is asked about.
struct RoleQuestion {
    definition::Model const& model;
    Json const& id;             ///< undefined for none
    Json const* record;         ///< Where it is loaded already.
};

class Access {
public:
    enum class Default : std::uint8_t { allow, deny };
    struct Rules {
        Default without_rule = Default::deny;  ///< A model's defaultPermission wins.
        int denied_status = 403;               ///< For a known caller; a model's aclErrorStatus wins.
    };
    /// Answers whether the caller has a role; named roles come from the Role and RoleMapping tables.
    using RoleCheck = std::function<Task<bool>(std::string const& role, Caller const&, RoleQuestion const&)>;
    /// Rows of the ACL table that name this model.
    using StoredRules = std::function<Task<std::vector<definition::Rule>>(definition::Model const&)>;

    Access(Rules rules, RoleCheck has_role, StoredRules stored_rules);

    /// Returns if the caller may; throws 401, 403 or 404 as LoopBack does (see denied()), or 401 STEP_UP_REQUIRED.
    Task<> require(Caller const& caller, AccessRequest const& request, MethodSpec const& method, RoleQuestion const& about) const;

private:
    Rules rules_;
    RoleCheck has_role_;
    StoredRules stored_rules_;
};

}  // namespace sallyport::auth
