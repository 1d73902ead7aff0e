// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/function_spec.h"

#include <QTest>

#include <array>
#include <cstddef>
#include <limits>
#include <vector>

using namespace poolscope;

namespace {

void run(poolscope_call* /*call*/) {}

std::uint64_t plan(poolscope_call* /*call*/)
{
    return 1;
}

constexpr poolscope_param kGoodParam{.id = "size",
                                     .label = nullptr,
                                     .help = nullptr,
                                     .unit = nullptr,
                                     .kind = POOLSCOPE_INTEGER,
                                     .value = "5",
                                     .minimum = 0,
                                     .maximum = 10,
                                     .choices = nullptr};

/// A description that can be spoilt in one place.
struct Description
{
    std::array<poolscope_choice, 3> choices{{{"one", nullptr}, {"two", nullptr}, {}}};
    std::array<poolscope_param, 3> params{{kGoodParam, {}, {}}};
    std::array<poolscope_function, 3> functions{
        {{"function", nullptr, nullptr, nullptr, nullptr, run, 0}, {}, {}}};
    poolscope_library library{POOLSCOPE_TASK_VERSION, "mine", nullptr};

    Description()
    {
        functions[0].params = params.data();
        library.functions = functions.data();
    }
    Description(const Description&) = delete;
    Description& operator=(const Description&) = delete;

    void makeChoice()
    {
        params[0].kind = POOLSCOPE_CHOICE;
        params[0].value = "two";
        params[0].choices = choices.data();
    }
};

using Spoil = void (*)(Description&);

} // namespace

Q_DECLARE_METATYPE(Spoil)

/// What a library says about its functions is checked before anything runs.
class FunctionSpecTest : public QObject
{
    Q_OBJECT

private slots:
    void layoutOfVersionOneStays();
    void goodDescriptionIsTaken();
    void functionThatRunsOnceIsNotBegunAgain();
    void tasksIsAddedUnlessThereIsAnotherWay();
    void faultIsRefused_data();
    void faultIsRefused();
    void endlessListIsRefused();
};

/// Libraries that were built long ago rely on it; another layout needs another version. The numbers are those
/// of 64-bit systems.
void FunctionSpecTest::layoutOfVersionOneStays()
{
    if (sizeof(void*) != 8) {
        QSKIP("the layout of other systems follows from this one");
    }
    QCOMPARE(POOLSCOPE_TASK_VERSION, 2); // with the same description
    QCOMPARE(sizeof(poolscope_choice), std::size_t{16});
    QCOMPARE(sizeof(poolscope_param), std::size_t{72});
    QCOMPARE(offsetof(poolscope_param, kind), std::size_t{32});
    QCOMPARE(offsetof(poolscope_param, value), std::size_t{40});
    QCOMPARE(offsetof(poolscope_param, minimum), std::size_t{48});
    QCOMPARE(offsetof(poolscope_param, choices), std::size_t{64});
    QCOMPARE(sizeof(poolscope_function), std::size_t{56});
    QCOMPARE(offsetof(poolscope_function, params), std::size_t{24});
    QCOMPARE(offsetof(poolscope_function, plan), std::size_t{32});
    QCOMPARE(offsetof(poolscope_function, once), std::size_t{48});
    QCOMPARE(sizeof(poolscope_library), std::size_t{24});
    QCOMPARE(offsetof(poolscope_library, id), std::size_t{8});
    // A call may grow at its end.
    QVERIFY(sizeof(poolscope_call) >= 80);
    QCOMPARE(offsetof(poolscope_call, integer), std::size_t{16});
    QCOMPARE(offsetof(poolscope_call, should_stop), std::size_t{40});
    QCOMPARE(offsetof(poolscope_call, give_integer), std::size_t{48});
    QCOMPARE(offsetof(poolscope_call, fail), std::size_t{72});
    QCOMPARE(offsetof(poolscope_call, progress), std::size_t{80});
    QCOMPARE(int{POOLSCOPE_INTEGER}, 1);
    QCOMPARE(int{POOLSCOPE_CHOICE}, 6);
}

void FunctionSpecTest::goodDescriptionIsTaken()
{
    Description description;
    description.makeChoice();
    const auto read = readFunctions(description.library);
    QVERIFY2(read, read ? "" : read.error().message.c_str());
    QCOMPARE(read.value().size(), std::size_t{1});
    const Workload& workload = read.value().front();
    QCOMPARE(workload.id, std::string("mine.function"));
    QVERIFY(workload.plan && workload.kernel);
    QCOMPARE(workload.params[1].kind, ParamKind::Choice);
    QVERIFY(workload.params[1].defaultValue == ParamValue{std::string("two")});
}

void FunctionSpecTest::functionThatRunsOnceIsNotBegunAgain()
{
    Description description;
    QVERIFY(mayRunTwice(readFunctions(description.library).value()[0], {}));
    description.functions[0].once = 1;
    QVERIFY(!mayRunTwice(readFunctions(description.library).value()[0], {}));
}

void FunctionSpecTest::tasksIsAddedUnlessThereIsAnotherWay()
{
    Description plain;
    QCOMPARE(readFunctions(plain.library).value()[0].params[0].id, std::string("tasks"));

    Description planned;
    planned.functions[0].plan = plan;
    QCOMPARE(readFunctions(planned.library).value()[0].params.size(), std::size_t{1});

    Description own;
    own.params[0].id = "tasks";
    own.params[0].minimum = 1;
    const auto read = readFunctions(own.library);
    QCOMPARE(read.value()[0].params.size(), std::size_t{1});
    QCOMPARE(read.value()[0].params[0].maximum, 10.0);
}

void FunctionSpecTest::faultIsRefused_data()
{
    QTest::addColumn<Spoil>("spoil");
    QTest::addColumn<QStringList>("says");
    const auto add = [](const char* name, Spoil spoil, const QStringList& says) {
        QTest::newRow(name) << spoil << says;
    };
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    const QString param = "parameter \"size\"";
    add("library without id", [](Description& d) { d.library.id = nullptr; }, {"the id \"\""});
    add("library's bad id", [](Description& d) { d.library.id = "My lib"; }, {"\"My lib\""});
    add("no function", [](Description& d) { d.library.functions = nullptr; }, {"no function"});
    add("empty list", [](Description& d) { d.functions[0] = {}; }, {"no function"});
    add("bad function id", [](Description& d) { d.functions[0].id = "2nd"; }, {"\"2nd\""});
    add("same function twice", [](Description& d) { d.functions[1] = d.functions[0]; },
        {"a function", "\"function\" twice"});
    add("no run", [](Description& d) { d.functions[0].run = nullptr; },
        {"function \"function\"", "no run()"});
    add("bad parameter id", [](Description& d) { d.params[0].id = "a-b"; }, {"\"a-b\""});
    add("same parameter twice", [](Description& d) { d.params[1] = d.params[0]; },
        {"a parameter", "\"size\" twice"});
    add("no kind", [](Description& d) { d.params[0].kind = 0; }, {param, "kind is 0"});
    add("unknown kind", [](Description& d) { d.params[0].kind = 7; }, {param, "kind is 7"});
    add("bounds in disorder", [](Description& d) { d.params[0].minimum = 11; }, {param, "bounds"});
    add("endless bounds", [](Description& d) { d.params[0].maximum = kInfinity; },
        {param, "bounds"});
    add("bounds no number",
        [](Description& d) { d.params[0].minimum = std::numeric_limits<double>::quiet_NaN(); },
        {param, "bounds"});
    add("bounds not whole", [](Description& d) { d.params[0].minimum = 0.5; },
        {param, "whole numbers"});
    add("bounds not exact", [](Description& d) { d.params[0].maximum = 1e18; }, {param, "2^53"});
    add("no default", [](Description& d) { d.params[0].value = nullptr; }, {param, "default"});
    add("default no number", [](Description& d) { d.params[0].value = "five"; },
        {param, "\"five\""});
    add("default outside", [](Description& d) { d.params[0].value = "11"; },
        {param, "from 0 to 10"});
    add("no choices",
        [](Description& d) {
            d.makeChoice();
            d.params[0].choices = nullptr;
        },
        {param, "something to choose from"});
    add("same choice twice",
        [](Description& d) {
            d.makeChoice();
            d.choices[1] = d.choices[0];
        },
        {param, "\"one\" twice"});
    add("default no choice",
        [](Description& d) {
            d.makeChoice();
            d.params[0].value = "three";
        },
        {param, "one of one, two"});
    add("tasks of another kind",
        [](Description& d) {
            d.params[0].id = "tasks";
            d.params[0].kind = POOLSCOPE_REAL;
        },
        {"\"tasks\"", "an integer"});
    add("tasks from 0", [](Description& d) { d.params[0].id = "tasks"; },
        {"\"tasks\"", "at least 1"});
}

void FunctionSpecTest::faultIsRefused()
{
    QFETCH(Spoil, spoil);
    QFETCH(QStringList, says);
    Description description;
    spoil(description);
    const auto read = readFunctions(description.library);
    QVERIFY(!read);
    for (const QString& part : says) {
        QVERIFY2(QString::fromStdString(read.error().message).contains(part),
                 read.error().message.c_str());
    }
}

void FunctionSpecTest::endlessListIsRefused()
{
    std::vector<std::string> ids;
    for (int i = 0; i < 300; ++i) {
        ids.push_back("p" + std::to_string(i));
    }
    std::vector<poolscope_param> params(ids.size(), kGoodParam);
    for (std::size_t i = 0; i < ids.size(); ++i) {
        params[i].id = ids[i].c_str();
    }
    Description description;
    description.functions[0].params = params.data();
    const auto read = readFunctions(description.library);
    QVERIFY(!read);
    QVERIFY(read.error().message.find("must end with one whose id is null") != std::string::npos);
}

QTEST_GUILESS_MAIN(FunctionSpecTest)
#include "tst_function_spec.moc"
