// Every setting of a project, as the program uses it: for people who wonder what holds, and why.

#pragma once

#include "app/config.hpp"
#include "definition/settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sallyport::app {

constexpr std::string_view hidden = "(hidden)";  ///< Stands for a secret.

/// What belongs together: "server/config.json", "the data source \"db\"", "TwoFactor of Employee".
struct SettingsInUse {
    std::string of;
    std::vector<definition::SettingInUse> settings;
};

/// By the functions that read them for the running program. Secrets, and what may hold one, are `hidden`. Of a project
/// with mistakes what does not rest on them: data sources where datasources.json has none, models where there is none.
std::vector<SettingsInUse> settings_in_use(definition::Project const& project, Config const& config);

}  // namespace sallyport::app
