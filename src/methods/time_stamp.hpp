// The TimeStamp mixin: when a record was made and when it was last changed, kept by the server.

#pragma once

#include "definition/mixin.hpp"
#include "model/stored_model.hpp"
#include "sallyport/clock.hpp"

namespace sallyport::methods {

/// The mixin as a value: its options `createdAt` and `updatedAt` name the properties, which it adds where the model
/// does not define them.
definition::MixinDefinition time_stamp_mixin();

/// Sets them on every write of a model that has the mixin; what a client sends for them counts for nothing. `clock`
/// must outlive the models.
void add_time_stamps(model::Models& models, Clock const& clock);

}  // namespace sallyport::methods
