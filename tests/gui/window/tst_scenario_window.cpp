// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/window/program.h"
#include "ui/panels/extras_note.h"
#include "ui/window/scenario_window.h"

#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QTest>

namespace poolscope {

namespace {

QPushButton* buttonOf(const QWidget& parent, const QString& text)
{
    for (QPushButton* button : parent.findChildren<QPushButton*>()) {
        if (button->text() == text) {
            return button;
        }
    }
    return nullptr;
}

QString resultOf(const QWidget& parent, const QString& step)
{
    for (const QLabel* label : parent.findChildren<QLabel*>()) {
        if (label->accessibleName() == ScenarioWindow::tr("Result of %1").arg(step)) {
            return label->text();
        }
    }
    return QStringLiteral("no such step");
}

} // namespace

class ScenarioWindowTest : public QObject
{
    Q_OBJECT

private slots:
    void stepRunsInTheWindow();
    void extrasAreSaidAndLeft();
};

void ScenarioWindowTest::stepRunsInTheWindow()
{
    Program program(shortRun());
    program.window.actions().scenarios->trigger();
    auto* scenarios = program.window.findChild<ScenarioWindow*>();
    QVERIFY(scenarios != nullptr);
    QVERIFY(scenarios->isVisible());
    auto* list = scenarios->findChild<QListWidget*>();
    QTest::keyClick(list, Qt::Key_End); // handing over in advance: short, and stopped
    QPushButton* none = buttonOf(*scenarios, QStringLiteral("0 in advance"));
    QVERIFY(none != nullptr);
    QTest::mouseClick(none, Qt::LeftButton);
    QVERIFY(!none->isEnabled());
    QCOMPARE(resultOf(*scenarios, none->text()), ScenarioWindow::tr("runs …"));
    QTRY_VERIFY_WITH_TIMEOUT(program.controller.canStart(), kLong);
    QVERIFY(none->isEnabled());
    QVERIFY2(resultOf(*scenarios, none->text()).contains(QStringLiteral("of 5 done")),
             qPrintable(resultOf(*scenarios, none->text())));
    QPushButton* one = buttonOf(*scenarios, QStringLiteral("1 in advance"));
    QTest::mouseClick(one, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(program.controller.canStart(), kLong);
    QVERIFY2(resultOf(*scenarios, one->text()).contains(QStringLiteral("times the throughput of")),
             qPrintable(resultOf(*scenarios, one->text())));
    // What was seen stays when another scenario was looked at.
    list->setCurrentRow(0);
    QTest::keyClick(list, Qt::Key_End);
    QVERIFY(resultOf(*scenarios, QStringLiteral("1 in advance")).contains(QStringLiteral("done")));
}

void ScenarioWindowTest::extrasAreSaidAndLeft()
{
    RunSettings settings = shortRun();
    settings.queueLimit = 8;
    settings.initializer = "prepare";
    Program program(settings);
    auto* note = program.window.findChild<ExtrasNote*>();
    QVERIFY(note->isVisible());
    const QString text = note->findChild<QLabel*>()->text();
    QVERIFY2(text.contains(QStringLiteral("at most 8 tasks wait")), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("Preparation")), qPrintable(text));
    QCOMPARE(program.window.setupPanel().settings().queueLimit, std::uint64_t{8});
    QTest::mouseClick(note->findChild<QPushButton*>(), Qt::LeftButton);
    QVERIFY(!note->isVisible());
    QCOMPARE(program.window.setupPanel().settings().queueLimit, std::uint64_t{0});
    QVERIFY(program.window.setupPanel().settings().initializer.empty());
}

} // namespace poolscope

QTEST_MAIN(poolscope::ScenarioWindowTest)
#include "tst_scenario_window.moc"
