// The bodies of the contract app's methods (app/METHODS.md), written as an extension author would.

#pragma once

#include "sallyport/app.hpp"
#include "sallyport/testing.hpp"

#include <memory>

namespace contract {

void add_calc_methods(sallyport::App& app);
void add_record_methods(sallyport::App& app);

/// The Harness: a clean seeded state, and the tokens that went out by mail.
void add_harness(sallyport::App& app, std::shared_ptr<sallyport::test_support::KeepingSender> mail);

/// Seeds an administrator, as after each reset.
sallyport::Task<> seed(sallyport::App& app);

}  // namespace contract
