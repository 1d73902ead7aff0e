// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/catalogue_view.h"
#include "core/control/default_scenario.h"
#include "tests/gui/window/panel_parts.h"
#include "ui/panels/executor_row.h"
#include "ui/panels/hand_over_form.h"
#include "ui/panels/number_box.h"
#include "ui/panels/setup_panel.h"
#include "ui/window/settings_store.h"

#include <QComboBox>
#include <QLineEdit>
#include <QSet>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QTest>
#include <QToolButton>

namespace poolscope {

class TestSetupPanel : public QObject
{
    Q_OBJECT

private slots:
    void executorRowKeepsSliderAndSpinBoxAlike();
    void executorRowTakesMoreWorkersThanTheSliderShows();
    void setupGivesBackTheSettingsItGot();
    void setupRemembersTheParametersOfEachWorkload();
    void setupSaysWhyARunCannotStart();
    void setupLocksAllButTheWorkersWhileARunGoesOn();
    void setupAsksForResizesOfChosenExecutorsOnly();
    void newSeedIsAnotherOne();
    void memoryCapIsChecked();
};

void TestSetupPanel::memoryCapIsChecked()
{
    HandOverForm form;
    QLineEdit* field = nullptr;
    for (auto* each : form.findChildren<QLineEdit*>()) {
        field = each->accessibleName() == QStringLiteral("Memory cap of the trace") ? each : field;
    }
    QVERIFY(field != nullptr);
    QCOMPARE(field->text(), QStringLiteral("25%"));
    const QSignalSpy changed(&form, &HandOverForm::changed);
    field->clear();
    QTest::keyClicks(field, QStringLiteral("512m"));
    QVERIFY(changed.size() >= 4);
    QCOMPARE(form.problem(), QString());
    RunSettings settings;
    form.fill(settings);
    QCOMPARE(settings.memoryCap.bytes, std::uint64_t{512} << 20U);
    field->setText(QStringLiteral("much"));
    QVERIFY(form.problem().contains(QStringLiteral("“much”")));
    form.fill(settings); // keeps what was right
    QCOMPARE(settings.memoryCap.bytes, std::uint64_t{512} << 20U);
    form.showSettings(settings);
    QCOMPARE(field->text(), QStringLiteral("512M"));

    SettingsStore store;
    store.setRun(settings);
    settings.workload = "sleep";
    store.setRun(settings);
    QCOMPARE(SettingsStore().run()->memoryCap, settings.memoryCap);
}

void TestSetupPanel::executorRowKeepsSliderAndSpinBoxAlike()
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

void TestSetupPanel::executorRowTakesMoreWorkersThanTheSliderShows()
{
    ExecutorRow row(executorChoices().front());
    row.setWorkers(maxWorkers());
    QCOMPARE(row.workers(), maxWorkers());
    auto* slider = row.findChild<QSlider*>();
    QCOMPARE(slider->value(), slider->maximum());
    row.setWorkers(100'000);
    QCOMPARE(row.workers(), maxWorkers());
}

void TestSetupPanel::setupGivesBackTheSettingsItGot()
{
    SetupPanel panel;
    RunSettings given;
    given.workload = workloadChoices().back()->id;
    given.params = otherValues(workloadChoices().back()->params);
    given.seed = 4'711;
    given.chunk = 16;
    given.maxAttempts = 5;
    given.costLevel = CostLevel::Totals;
    given.executors = {{executorChoices().back().id.toStdString(), 3}};
    given.resizes = {{1'000, 0, 2}};
    given.workerProgram = "/where/it/is";
    panel.setSettings(given);
    QVERIFY(panel.settings() == given);
    panel.setSettings(defaultScenario());
    QCOMPARE(panel.settings().executors.size(), std::size_t{2});
    QCOMPARE(panel.problem(), QString());
}

void TestSetupPanel::setupRemembersTheParametersOfEachWorkload()
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
    RunSettings plain = defaultScenario();
    plain.workload = choices[0]->id;
    other.setSettings(plain);
    other.setParamMemory(panel.paramMemory());
    QVERIFY(other.settings().params == settings.params);
    other.setSettings(plain); // what settings leave out has its default, whatever was there before
    QVERIFY(other.settings().params == defaultParams(choices[0]->params));
}

void TestSetupPanel::setupSaysWhyARunCannotStart()
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

void TestSetupPanel::setupLocksAllButTheWorkersWhileARunGoesOn()
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

void TestSetupPanel::setupAsksForResizesOfChosenExecutorsOnly()
{
    SetupPanel panel;
    RunSettings settings = defaultScenario();
    settings.executors.erase(settings.executors.begin());
    panel.setSettings(settings);
    const auto rows = panel.findChildren<ExecutorRow*>();
    QCOMPARE(rows.size(), std::ssize(executorChoices()));
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

void TestSetupPanel::newSeedIsAnotherOne()
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

} // namespace poolscope

QTEST_MAIN(poolscope::TestSetupPanel)
#include "tst_setup_panel.moc"
