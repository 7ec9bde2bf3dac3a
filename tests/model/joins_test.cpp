#include "model/joins.hpp"

#include "model/contract_models.hpp"
#include "small_app.hpp"

namespace sallyport::model {
namespace {

definition::Relation const& relation(StoredModel const& model, std::string_view name) {
    return *model.definition().relation(name);
}

TEST(Joins, SayWhichPropertyOfEitherSideHoldsTheKey) {
    ContractModels app;
    auto const many = join_of(app["Product"], relation(app["Product"], "reviews"), app["Review"]);
    EXPECT_EQ(many.property + " " + many.foreign, "id productId");
    auto const owner = join_of(app["Review"], relation(app["Review"], "product"), app["Product"]);
    EXPECT_EQ(owner.property + " " + owner.foreign, "productId id");
    auto const through = through_of(app["Physician"], relation(app["Physician"], "patients"));
    EXPECT_EQ(through.model->name() + " " + through.near + " " + through.far, "Appointment physicianId patientId");
}

class PolymorphicJoins : public testing::Test {
protected:
    SmallApp app{{{"server/config.json", "{}"},
                  {"server/datasources.json", R"({"db": {"connector": "memory"}})"},
                  {"server/model-config.json", R"({"Shelf": {"dataSource": "db"}, "Photo": {"dataSource": "db"},
                                                   "Person": {"dataSource": "db"}, "Loan": {"dataSource": "db"},
                                                   "AccessToken": {"dataSource": "db"},
                                                   "Secret": {"dataSource": "db", "public": false},
                                                   "Shy": {"dataSource": "db", "public": false}})"},
                  {"common/models/shelf.json", R"({"name": "Shelf", "base": "PersistedModel", "properties": {},
                      "relations": {"photos": {"type": "hasMany", "model": "Photo", "polymorphic": "subject"},
                                    "readers": {"type": "hasMany", "model": "Person", "through": "Loan"}}})"},
                  {"common/models/photo.json", R"({"name": "Photo", "base": "PersistedModel", "properties": {},
                      "relations": {"subject": {"type": "belongsTo", "polymorphic": true}}})"},
                  {"common/models/secret.json", R"({"name": "Secret", "base": "PersistedModel", "properties": {}})"},
                  {"common/models/shy.json", R"({"name": "Shy", "base": "PersistedModel", "properties": {},
                      "relations": {"photo": {"type": "hasOne", "model": "Photo", "polymorphic": "subject"}}})"},
                  {"common/models/person.json", R"({"name": "Person", "base": "PersistedModel", "properties": {}})"},
                  {"common/models/loan.json", R"({"name": "Loan", "base": "PersistedModel", "properties": {},
                      "relations": {"shelf": {"type": "belongsTo", "model": "Shelf"},
                                    "lentTo": {"type": "belongsTo", "model": "Person", "foreignKey": "to"}}})"}}};
};

TEST_F(PolymorphicJoins, FixTheKindOfTheOwner) {
    auto const join = join_of(app.model("Shelf"), relation(app.model("Shelf"), "photos"), app.model("Photo"));
    EXPECT_EQ(join.foreign, "subjectId");
    EXPECT_EQ(join.fixed, (FixedValues{{"subjectType", "Shelf"}}));
}

TEST_F(PolymorphicJoins, LeadToTheModelTheRecordNames) {
    auto& photo = app.model("Photo");
    auto const reached = [&](Json const& type) {
        auto const* model = reached_model(photo, relation(photo, "subject"), JsonObject{{"subjectType", type}});
        return model == nullptr ? std::string{"none"} : model->name();
    };
    EXPECT_EQ(reached("Shelf"), "Shelf");
    EXPECT_EQ(reached("shelf"), "Shelf");
    EXPECT_EQ(reached("Nothing"), "none");
    EXPECT_EQ(reached(nullptr), "none");
    EXPECT_EQ(reached("Model"), "none");
    EXPECT_EQ(reached("AccessToken"), "none");
    EXPECT_EQ(reached("Secret"), "none");
    EXPECT_EQ(reached("Shy"), "Shy");
}

TEST_F(PolymorphicJoins, KeysThatTheThroughModelDoesNotHaveAreThoseOfItsBelongsTo) {
    auto const through = through_of(app.model("Shelf"), relation(app.model("Shelf"), "readers"));
    EXPECT_EQ(through.near, "shelfId");
    EXPECT_EQ(through.far, "to");
}

}  // namespace
}  // namespace sallyport::model
