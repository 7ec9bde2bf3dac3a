#include "app/project_folder.hpp"

#include "methods/login_with_code.hpp"

namespace sallyport::app {

definition::Project load_project(std::filesystem::path const& folder, AppSettings const& settings) {
    return definition::load(folder, {.environment = environment_name(settings),
                                     .variable = process_environment,
                                     .mixins = {methods::two_factor_mixin()}});
}

}  // namespace sallyport::app
