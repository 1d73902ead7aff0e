// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/window/program.h"
#include "ui/panels/lower_panel.h"
#include "ui/panels/what_if_panel.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QTest>

namespace poolscope {

namespace {

/// A run on two threads, of tasks that sleep.
RunSettings sleepyRun()
{
    RunSettings settings = longRun();
    settings.params.set("ms", ParamValue{5.0});
    settings.params.set("tasks", ParamValue{std::int64_t{120}});
    settings.executors = {{"threads", 2}};
    return settings;
}

/// The panel of a program whose run has ended.
struct Asked : Program
{
    WhatIfPanel* panel = window.lowerPanel().findChild<WhatIfPanel*>();

    Asked()
        : Program(sleepyRun())
    {
        window.lowerPanel().setCurrentTab(LowerPanel::WhatIf);
        window.actions().run->trigger();
    }
    [[nodiscard]] bool waitForEnd()
    {
        return QTest::qWaitFor([this] { return controller.canStart(); }, kLong);
    }
    [[nodiscard]] QString text(const QString& accessibleName) const
    {
        for (const QLabel* label : panel->findChildren<QLabel*>()) {
            if (label->accessibleName() == accessibleName) {
                return label->text();
            }
        }
        return {};
    }
    [[nodiscard]] QSpinBox* count(const QString& accessibleName) const
    {
        for (QSpinBox* box : panel->findChildren<QSpinBox*>()) {
            if (box->accessibleName() == accessibleName) {
                return box;
            }
        }
        return nullptr;
    }
    [[nodiscard]] QPushButton* button(const QString& text) const
    {
        for (QPushButton* each : panel->findChildren<QPushButton*>()) {
            if (each->text() == text) {
                return each;
            }
        }
        return nullptr;
    }
    [[nodiscard]] QString prediction() const { return text(WhatIfPanel::tr("Prediction")); }
};

} // namespace

class WhatIfPanelTest : public QObject
{
    Q_OBJECT

private slots:
    void predictsShowsBesideAndRuns();
    void cannotRunAnotherOrder();
};

void WhatIfPanelTest::predictsShowsBesideAndRuns()
{
    Asked asked;
    QVERIFY(asked.waitForEnd());
    QTRY_VERIFY_WITH_TIMEOUT(asked.prediction().contains(QStringLiteral("instead of")), kLong);
    asked.count(WhatIfPanel::tr("Workers"))->setValue(6);
    QTRY_VERIFY_WITH_TIMEOUT(asked.button(WhatIfPanel::tr("Run it"))->isEnabled(), kLong);
    const QString prediction = asked.prediction();

    const SnapshotPtr run = asked.snapshot();
    QTest::mouseClick(asked.button(WhatIfPanel::tr("Show beside the run")), Qt::LeftButton);
    QCOMPARE(asked.snapshot()->meta->executors.size(), std::size_t{2});
    QCOMPARE(asked.snapshot()->lanes.size(), std::size_t{8});
    QCOMPARE(asked.prediction(), prediction); // it still is of the run
    QTest::mouseClick(asked.button(WhatIfPanel::tr("Show the run alone")), Qt::LeftButton);
    QCOMPARE(asked.snapshot(), run);

    QTRY_VERIFY_WITH_TIMEOUT(asked.button(WhatIfPanel::tr("Run it"))->isEnabled(), kLong);
    QTest::mouseClick(asked.button(WhatIfPanel::tr("Run it")), Qt::LeftButton);
    QVERIFY(!asked.controller.canStart());
    QVERIFY(asked.waitForEnd());
    QCOMPARE(asked.controller.settings().executors.front().workers, 6);
    const QString outcome = WhatIfPanel::tr("Prediction and outcome");
    QTRY_VERIFY_WITH_TIMEOUT(asked.text(outcome).contains(QStringLiteral("the prediction was")),
                             kLong);
}

void WhatIfPanelTest::cannotRunAnotherOrder()
{
    Asked asked;
    QVERIFY(asked.waitForEnd());
    auto* run = asked.button(WhatIfPanel::tr("Run it"));
    QTRY_VERIFY_WITH_TIMEOUT(run->isEnabled(), kLong);
    asked.panel->findChildren<QComboBox*>().last()->setCurrentIndex(1);
    QTRY_VERIFY_WITH_TIMEOUT(asked.button(WhatIfPanel::tr("Show beside the run"))->isEnabled(),
                             kLong);
    QVERIFY(!run->isEnabled());
    QVERIFY(run->toolTip().contains(QStringLiteral("as submitted")));
}

} // namespace poolscope

QTEST_MAIN(poolscope::WhatIfPanelTest)
#include "tst_what_if_panel.moc"
