// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/catalogue_view.h"
#include "core/control/default_scenario.h"
#include "tests/support/synthetic_trace.h"
#include "ui/panels/executor_row.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/number_box.h"
#include "ui/panels/param_form.h"
#include "ui/panels/paths_box.h"
#include "ui/panels/selection_panel.h"
#include "ui/panels/setup_panel.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QTest>
#include <QToolButton>

namespace poolscope {

class TestPanels : public QObject
{
    Q_OBJECT

private slots:
    void formHoldsTheValuesOfEveryWorkload_data();
    void formHoldsTheValuesOfEveryWorkload();
    void formSaysWhatIsWrongBesideTheField();
    void formLeavesOutValuesOfTheWrongType();
    void numberBoxTakesWholeNumbersOf64Bits();
    void numberBoxStepsStayInTheBounds();
    void pathsBoxKeepsEachPathOnce();
    void executorRowKeepsSliderAndSpinBoxAlike();
    void executorRowTakesMoreWorkersThanTheSliderShows();
    void setupGivesBackTheSettingsItGot();
    void setupRemembersTheParametersOfEachWorkload();
    void setupSaysWhyARunCannotStart();
    void setupLocksAllButTheWorkersWhileARunGoesOn();
    void setupAsksForResizesOfChosenExecutorsOnly();
    void newSeedIsAnotherOne();
    void summaryModelIsAProperModel();
    void statisticsShowTheWholeRunAndThenTheSelection();
    void statisticsCanBeCopied();
    void messageBarShowsAndCloses();
};

namespace {

/// \return a valid value that is not the default where there is another one.
ParamValue otherValue(const ParamSpec& spec)
{
    switch (spec.kind) {
    case ParamKind::Integer: {
        const auto standard = std::get<std::int64_t>(spec.defaultValue);
        const auto least = static_cast<std::int64_t>(spec.minimum);
        return ParamValue{standard > least ? standard - 1 : standard + 1};
    }
    case ParamKind::Real:
        return ParamValue{spec.minimum + (spec.maximum - spec.minimum) / 3};
    case ParamKind::Choice:
        return ParamValue{spec.choices.back().id};
    case ParamKind::Paths:
        return ParamValue{std::string("/some/where\n/else where/ü.txt")};
    case ParamKind::Text:
        break;
    }
    return ParamValue{std::string("other text")};
}

ParamSet otherValues(const std::vector<ParamSpec>& specs)
{
    ParamSet params;
    for (const ParamSpec& spec : specs) {
        params.set(spec.id, otherValue(spec));
    }
    return params;
}

std::vector<ParamSpec> numberSpecs()
{
    ParamSpec count;
    count.id = "count";
    count.label = "Count";
    count.defaultValue = std::int64_t{10};
    count.minimum = 1;
    count.maximum = 100;
    ParamSpec factor;
    factor.id = "factor";
    factor.label = "Factor";
    factor.kind = ParamKind::Real;
    factor.defaultValue = 1.5;
    factor.minimum = 0.5;
    factor.maximum = 2;
    return {count, factor};
}

void typeInto(QWidget* field, const QString& text)
{
    field->findChild<QLineEdit*>()->setText(text);
}

template <class T>
T* child(const QObject& parent, const QString& accessibleName)
{
    for (T* candidate : parent.findChildren<T*>()) {
        if (candidate->accessibleName() == accessibleName) {
            return candidate;
        }
    }
    return nullptr;
}

} // namespace

void TestPanels::formHoldsTheValuesOfEveryWorkload_data()
{
    QTest::addColumn<int>("index");
    const auto choices = workloadChoices();
    for (int i = 0; i < static_cast<int>(choices.size()); ++i) {
        QTest::newRow(choices[static_cast<std::size_t>(i)]->id.c_str()) << i;
    }
}

void TestPanels::formHoldsTheValuesOfEveryWorkload()
{
    QFETCH(int, index);
    const Workload& workload = *workloadChoices()[static_cast<std::size_t>(index)];
    ParamForm form;
    form.setSpecs(workload.params);
    QVERIFY2(form.params() == defaultParams(workload.params), "the defaults are in the fields");
    QCOMPARE(form.firstError(), QString());

    const ParamSet given = otherValues(workload.params);
    form.setParams(given);
    QCOMPARE(form.firstError(), QString());
    QVERIFY(form.params() == given);
    for (const ParamSpec& spec : workload.params) {
        QVERIFY(form.field(spec.id) != nullptr);
        QVERIFY(!form.field(spec.id)->accessibleName().isEmpty());
        QVERIFY(!form.field(spec.id)->toolTip().isEmpty());
    }
}

void TestPanels::formSaysWhatIsWrongBesideTheField()
{
    ParamForm form;
    form.setSpecs(numberSpecs());
    const QSignalSpy changed(&form, &ParamForm::changed);
    typeInto(form.field("count"), QStringLiteral("500"));
    QCOMPARE(changed.size(), 1);
    QVERIFY(form.errorText("count").contains(QStringLiteral("100")));
    QVERIFY(form.errorText("factor").isEmpty());
    QVERIFY(form.firstError().contains(QStringLiteral("Count")));
    QVERIFY2(form.params().find("count") == nullptr, "what is wrong is not handed out");
    typeInto(form.field("factor"), QStringLiteral("x"));
    QVERIFY(!form.errorText("factor").isEmpty());
    typeInto(form.field("count"), QStringLiteral("50"));
    typeInto(form.field("factor"), QStringLiteral("1.25"));
    QCOMPARE(form.firstError(), QString());
    QCOMPARE(form.params().integer("count"), std::int64_t{50});
    QCOMPARE(form.params().real("factor"), 1.25);
}

void TestPanels::formLeavesOutValuesOfTheWrongType()
{
    ParamForm form;
    form.setSpecs(numberSpecs());
    ParamSet params;
    params.set("count", ParamValue{std::string("many")});
    params.set("unknown", ParamValue{std::int64_t{1}});
    form.setParams(params);
    QVERIFY(form.params() == defaultParams(numberSpecs()));
}

void TestPanels::numberBoxTakesWholeNumbersOf64Bits()
{
    ParamSpec spec;
    spec.id = "n";
    spec.label = "N";
    spec.maximum = 9.0e18;
    NumberBox box(spec);
    const QSignalSpy changed(&box, &NumberBox::valueChanged);
    const ParamValue large{std::int64_t{1'234'567'890'123'456'789}};
    box.setValue(large);
    QCOMPARE(changed.size(), 1);
    QVERIFY(box.parsed().isOk());
    QVERIFY(box.parsed().value() == large);
    box.setValue(large);
    QCOMPARE(changed.size(), 1);
}

void TestPanels::numberBoxStepsStayInTheBounds()
{
    for (const ParamSpec& spec : numberSpecs()) {
        NumberBox box(spec);
        for (int i = 0; i < 300; ++i) {
            box.stepBy(1);
            QVERIFY(box.parsed().isOk());
        }
        QVERIFY(toText(box.parsed().value()) == (spec.id == "count" ? "100" : "2"));
        for (int i = 0; i < 300; ++i) {
            box.stepBy(-1);
        }
        QVERIFY(toText(box.parsed().value()) == (spec.id == "count" ? "1" : "0.5"));
    }
}

void TestPanels::pathsBoxKeepsEachPathOnce()
{
    PathsBox box;
    const QSignalSpy changed(&box, &PathsBox::pathsChanged);
    const QStringList paths{QStringLiteral("/a"), QStringLiteral("/b c")};
    box.addPaths(paths);
    QCOMPARE(changed.size(), 1);
    box.addPaths({QStringLiteral("/a"), QString()});
    QCOMPARE(changed.size(), 1);
    QCOMPARE(box.paths(), paths);
}

void TestPanels::executorRowKeepsSliderAndSpinBoxAlike()
{
    ExecutorRow row(executorChoices().front());
    row.setChosen(true);
    auto* slider = row.findChild<QSlider*>();
    auto* spin = row.findChild<QSpinBox*>();
    const QSignalSpy changed(&row, &ExecutorRow::workersChanged);
    slider->setValue(7);
    QCOMPARE(spin->value(), 7);
    QCOMPARE(row.workers(), 7);
    QCOMPARE(changed.size(), 1);
    spin->setValue(3);
    QCOMPARE(slider->value(), 3);
    QCOMPARE(changed.size(), 2);
    row.setWorkers(3);
    QCOMPARE(changed.size(), 2);
}

void TestPanels::executorRowTakesMoreWorkersThanTheSliderShows()
{
    ExecutorRow row(executorChoices().front());
    row.setWorkers(maxWorkers());
    QCOMPARE(row.workers(), maxWorkers());
    auto* slider = row.findChild<QSlider*>();
    QCOMPARE(slider->value(), slider->maximum());
    row.setWorkers(100'000);
    QCOMPARE(row.workers(), maxWorkers());
}

void TestPanels::setupGivesBackTheSettingsItGot()
{
    SetupPanel panel;
    RunSettings given;
    given.workload = workloadChoices().back()->id;
    given.params = otherValues(workloadChoices().back()->params);
    given.seed = 4'711;
    given.chunk = 16;
    given.maxAttempts = 5;
    given.executors = {{executorChoices().back().id.toStdString(), 3}};
    given.resizes = {{1'000, 0, 2}};
    given.workerProgram = "/where/it/is";
    panel.setSettings(given);
    QVERIFY(panel.settings() == given);
    panel.setSettings(defaultScenario());
    QCOMPARE(panel.settings().executors.size(), std::size_t{2});
    QCOMPARE(panel.problem(), QString());
}

void TestPanels::setupRemembersTheParametersOfEachWorkload()
{
    SetupPanel panel;
    const auto choices = workloadChoices();
    RunSettings settings = defaultScenario();
    settings.workload = choices[0]->id;
    settings.params = otherValues(choices[0]->params);
    panel.setSettings(settings);
    auto* combo = child<QComboBox>(panel, QStringLiteral("Workload"));
    QVERIFY(combo != nullptr);
    combo->setCurrentIndex(1);
    QVERIFY(panel.settings().params == defaultParams(choices[1]->params));
    combo->setCurrentIndex(0);
    QVERIFY(panel.settings().params == settings.params);

    SetupPanel other;
    other.setParamMemory(panel.paramMemory());
    RunSettings plain = defaultScenario();
    plain.workload = choices[0]->id;
    other.setSettings(plain);
    QVERIFY(other.settings().params == settings.params);
}

void TestPanels::setupSaysWhyARunCannotStart()
{
    SetupPanel panel;
    RunSettings settings = defaultScenario();
    settings.executors.clear();
    panel.setSettings(settings);
    QVERIFY(!panel.problem().isEmpty());
    const QSignalSpy changed(&panel, &SetupPanel::changed);
    panel.findChild<ExecutorRow*>()->setChosen(true);
    QCOMPARE(panel.problem(), QString());
    QVERIFY(changed.size() > 0);
    typeInto(child<NumberBox>(panel, QStringLiteral("Seed")), QStringLiteral("x"));
    QVERIFY(!panel.problem().isEmpty());
}

void TestPanels::setupLocksAllButTheWorkersWhileARunGoesOn()
{
    SetupPanel panel;
    panel.setSettings(defaultScenario());
    auto* combo = child<QComboBox>(panel, QStringLiteral("Workload"));
    auto* chunk = child<QSpinBox>(panel, QStringLiteral("Chunk size"));
    auto* slider = panel.findChild<ExecutorRow*>()->findChild<QSlider*>();
    for (const auto state : {RunController::State::Starting, RunController::State::Running,
             RunController::State::Paused, RunController::State::Stopping}) {
        panel.setState(state);
        QVERIFY(!combo->isEnabled());
        QVERIFY(!chunk->isEnabled());
        QVERIFY(slider->isEnabled());
    }
    panel.setState(RunController::State::Finished);
    QVERIFY(combo->isEnabled());
    QVERIFY(chunk->isEnabled());
}

void TestPanels::setupAsksForResizesOfChosenExecutorsOnly()
{
    SetupPanel panel;
    RunSettings settings = defaultScenario();
    settings.executors.erase(settings.executors.begin());
    panel.setSettings(settings);
    const auto rows = panel.findChildren<ExecutorRow*>();
    QCOMPARE(rows.size(), 2);
    const QSignalSpy asked(&panel, &SetupPanel::resizeRequested);
    rows[1]->setWorkers(5);
    QCOMPARE(asked.size(), 0);
    panel.setState(RunController::State::Running);
    rows[1]->setWorkers(6);
    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked[0][0].toInt(), 0);
    QCOMPARE(asked[0][1].toInt(), 6);
    panel.showWorkers(0, 4);
    QCOMPARE(rows[1]->workers(), 4);
    QCOMPARE(asked.size(), 1);
}

void TestPanels::newSeedIsAnotherOne()
{
    SetupPanel panel;
    auto* button = child<QToolButton>(panel, QStringLiteral("New seed"));
    QVERIFY(button != nullptr);
    QSet<quint64> seeds;
    for (int i = 0; i < 5; ++i) {
        button->click();
        seeds.insert(panel.settings().seed);
    }
    QVERIFY(seeds.size() > 1);
}

void TestPanels::summaryModelIsAProperModel()
{
    SummaryModel model;
    const QAbstractItemModelTester tester(
        &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    RunSummary summary;
    summary.tasks = 1'234;
    summary.run.p99Ns = 5'000'000;
    model.setRows({{QStringLiteral("A"), Qt::red, summary}, {QStringLiteral("B"), Qt::blue, {}}});
    QCOMPARE(model.rowCount(), 2);
    const QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    const QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    summary.tasks = 1'235;
    model.setRows({{QStringLiteral("A"), Qt::red, summary}, {QStringLiteral("B"), Qt::blue, {}}});
    QCOMPARE(changed.size(), 1);
    QCOMPARE(reset.size(), 0);
    QCOMPARE(model.data(model.index(0, 1), Qt::DisplayRole).toString(), QLocale().toString(1'235));
    const auto align = model.data(model.index(0, 1), Qt::TextAlignmentRole).value<Qt::Alignment>();
    QVERIFY(align.testFlag(Qt::AlignRight));
    model.setRows({});
    QCOMPARE(model.rowCount(), 0);
}

void TestPanels::statisticsShowTheWholeRunAndThenTheSelection()
{
    ViewState state;
    SelectionPanel panel(state);
    panel.show();
    QCOMPARE(panel.model().rowCount(), 0);
    state.setSnapshot(test::makeSyntheticTrace({.lanes = 2, .tasks = 3'000, .executors = 2}));
    QTRY_COMPARE(panel.model().rowCount(), 2);
    const auto tasks = [&panel] {
        return panel.model().data(panel.model().index(1, 1), Qt::DisplayRole).toString();
    };
    QCOMPARE(tasks(), QLocale().toString(3'000));
    const QString whole = panel.scopeText();
    const Nanos end = state.bounds().endNs;
    state.setSelection(TimeRange{end / 4, end / 2});
    QTRY_VERIFY(tasks() != QLocale().toString(3'000));
    QVERIFY(panel.scopeText() != whole);
    const RunSummary expected = summariseRange(*state.snapshot(), 1, *state.selection());
    QTRY_COMPARE(tasks(), QLocale().toString(qulonglong{expected.tasks}));
    child<QToolButton>(panel, QStringLiteral("Clear selection"))->click();
    QVERIFY(!state.selection());
    QTRY_COMPARE(tasks(), QLocale().toString(3'000));
    QCOMPARE(panel.scopeText(), whole);
    state.setSnapshot(nullptr);
    QTRY_COMPARE(panel.model().rowCount(), 0);
}

void TestPanels::statisticsCanBeCopied()
{
    ViewState state;
    SelectionPanel panel(state);
    panel.show();
    state.setSnapshot(test::makeSyntheticTrace({.lanes = 1, .tasks = 50}));
    QTRY_COMPARE(panel.model().rowCount(), 1);
    panel.copyTable();
    const QStringList lines
        = QGuiApplication::clipboard()->text().split(u'\n', Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 2);
    QCOMPARE(lines[0].count(u'\t'), lines[1].count(u'\t'));
    QVERIFY(lines[1].contains(QStringLiteral("\t50\t")));
}

void TestPanels::messageBarShowsAndCloses()
{
    MessageBar bar;
    QVERIFY(bar.isHidden());
    bar.showMessage(MessageBar::Kind::Error, QStringLiteral("It went wrong"));
    QVERIFY(bar.isVisible());
    QCOMPARE(bar.text(), QStringLiteral("It went wrong"));
    child<QToolButton>(bar, QStringLiteral("Close message"))->click();
    QVERIFY(bar.isHidden());
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestPanels)
#include "tst_panels.moc"
