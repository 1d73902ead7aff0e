// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/catalogue.h"

#include <QRegularExpression>
#include <QTest>

#include <cmath>
#include <set>

using namespace poolscope;

namespace {

/// Whole numbers are exact as a double up to here, and bounds are doubles.
constexpr double kLargestExact = 9007199254740992.0;

bool isId(const std::string& id)
{
    static const QRegularExpression kPattern(QStringLiteral("^[a-z][a-z0-9_]*$"));
    return kPattern.match(QString::fromStdString(id)).hasMatch();
}

const ParamSpec* findSpec(const Workload& workload, const char* id)
{
    for (const ParamSpec& spec : workload.params) {
        if (spec.id == id) {
            return &spec;
        }
    }
    return nullptr;
}

} // namespace

class CatalogueTest : public QObject
{
    Q_OBJECT

private slots:
    void holdsTheWorkloadsInOrder();
    void findWorkloadGivesTheOneOrNothing();
    void hashIsAlwaysTheSame();

    void workloadIsDescribed_data() { eachWorkload(); }
    void workloadIsDescribed();
    void paramsAreDescribed_data() { eachWorkload(); }
    void paramsAreDescribed();
    void defaultsAreAllowed_data() { eachWorkload(); }
    void defaultsAreAllowed();
    void tasksOrInputCanBeGiven_data() { eachWorkload(); }
    void tasksOrInputCanBeGiven();
    void planIsConsistent_data() { eachWorkload(); }
    void planIsConsistent();

private:
    static void eachWorkload();
    static const Workload& current();
};

void CatalogueTest::eachWorkload()
{
    QTest::addColumn<QString>("id");
    for (const Workload& workload : workloads()) {
        QTest::newRow(workload.id.c_str()) << QString::fromStdString(workload.id);
    }
}

const Workload& CatalogueTest::current()
{
    return *findWorkload(QTest::currentDataTag());
}

void CatalogueTest::holdsTheWorkloadsInOrder()
{
    QStringList ids;
    for (const Workload& workload : workloads()) {
        ids.append(QString::fromStdString(workload.id));
    }
    QCOMPARE(ids, QStringList({"mixed", "count_primes", "mandelbrot", "hash_files", "command",
                               "sleep", "square", "compute", "stragglers", "locked", "prepare",
                               "counters", "triad", "crash"}));
}

void CatalogueTest::findWorkloadGivesTheOneOrNothing()
{
    for (const Workload& workload : workloads()) {
        QCOMPARE(findWorkload(workload.id), &workload);
    }
    QVERIFY(findWorkload("") == nullptr);
    QVERIFY(findWorkload("Square") == nullptr);
}

void CatalogueTest::hashIsAlwaysTheSame()
{
    QVERIFY(catalogueHash() != 0);
    QCOMPARE(catalogueHash(), catalogueHash());
}

void CatalogueTest::workloadIsDescribed()
{
    const Workload& workload = current();
    QVERIFY(isId(workload.id));
    QVERIFY(!workload.title.empty());
    QVERIFY(workload.summary.ends_with('.'));
    QVERIFY(workload.plan != nullptr);
    QVERIFY(workload.kernel != nullptr);
}

void CatalogueTest::paramsAreDescribed()
{
    std::set<std::string> ids;
    for (const ParamSpec& spec : current().params) {
        QVERIFY2(isId(spec.id), spec.id.c_str());
        QVERIFY2(ids.insert(spec.id).second, spec.id.c_str());
        QVERIFY2(!spec.label.empty(), spec.id.c_str());
        QVERIFY2(spec.help.ends_with('.'), spec.id.c_str());
        QCOMPARE(spec.choices.empty(), spec.kind != ParamKind::Choice);
        if (spec.kind == ParamKind::Integer) {
            QVERIFY(spec.minimum == std::floor(spec.minimum));
            QVERIFY(spec.maximum == std::floor(spec.maximum));
            QVERIFY(std::abs(spec.minimum) <= kLargestExact);
            QVERIFY(std::abs(spec.maximum) <= kLargestExact);
        }
        if (spec.kind == ParamKind::Integer || spec.kind == ParamKind::Real) {
            QVERIFY2(spec.minimum < spec.maximum, spec.id.c_str());
        }
    }
}

void CatalogueTest::defaultsAreAllowed()
{
    const std::vector<ParamSpec>& specs = current().params;
    const ParamSet defaults = defaultParams(specs);
    QCOMPARE(defaults.values().size(), specs.size());
    const Result<ParamSet> checked = checkParams(specs, defaults);
    QVERIFY2(checked, checked ? "" : checked.error().message.c_str());
    QVERIFY(checked.value() == defaults);
    for (const ParamSpec& spec : specs) {
        const Result<ParamValue> parsed = parseParam(spec, toText(spec.defaultValue));
        QVERIFY2(parsed, spec.id.c_str());
        QVERIFY2(parsed.value() == spec.defaultValue, spec.id.c_str());
    }
}

void CatalogueTest::tasksOrInputCanBeGiven()
{
    const ParamSpec* tasks = findSpec(current(), "tasks");
    const ParamSpec* input = findSpec(current(), "input");
    QVERIFY((tasks != nullptr) != (input != nullptr));
    if (tasks != nullptr) {
        QCOMPARE(tasks->kind, ParamKind::Integer);
        QCOMPARE(tasks->minimum, 1.0);
    } else {
        QCOMPARE(input->kind, ParamKind::Paths);
    }
}

void CatalogueTest::planIsConsistent()
{
    const Workload& workload = current();
    const Result<std::shared_ptr<const Job>> job = planJob(workload, {}, 1);
    if (findSpec(workload, "input") != nullptr) {
        QVERIFY(!job);
        QVERIFY(job.error().message.find("\"input\"") != std::string::npos);
        return;
    }
    QVERIFY2(job, job ? "" : job.error().message.c_str());
    const JobPlan& plan = *job.value()->plan;
    QCOMPARE(plan.taskCount, static_cast<quint64>(job.value()->params.integer("tasks")));
    QVERIFY(plan.items.empty());
    QVERIFY(!plan.kinds.empty());
    QVERIFY(plan.kinds.size() <= kMaxTaskKinds);
    QVERIFY(plan.kindOfTask.empty() || plan.kindOfTask.size() == plan.taskCount);
    for (const std::uint8_t kind : plan.kindOfTask) {
        QVERIFY(kind < plan.kinds.size());
    }
}

QTEST_GUILESS_MAIN(CatalogueTest)
#include "tst_catalogue.moc"
