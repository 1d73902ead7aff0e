// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/catalogue_view.h"
#include "core/control/default_scenario.h"
#include "core/io/file_format.h"
#include "tests/support/synthetic_trace.h"
#include "ui/window/export_controller.h"
#include "ui/window/settings_store.h"

#include <QDir>
#include <QFile>
#include <QImage>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QWidget>

namespace poolscope {

/// What the window writes and reads: settings, data, pictures.
class TestWindowFiles : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void firstStartHasNoSettings();
    void settingsComeBack();
    void layoutOfAnotherVersionIsLeftOut();
    void settingsThatMakeNoSenseAreLeftOut();
    void everyFormatIsWritten_data();
    void everyFormatIsWritten();
    void savedRunOpensAgain();
    void pictureIsWrittenInItsSize();
    void unknownEndingIsRefusedWithAReason_data();
    void unknownEndingIsRefusedWithAReason();
    void failureIsToldAndTheOldFileStays();
    void secondFileWaitsForTheFirst();
    void folderIsRemembered();

private:
    QTemporaryDir m_folder;
};

namespace {

SnapshotPtr smallTrace()
{
    return test::makeSyntheticTrace({.lanes = 2, .tasks = 200, .executors = 2});
}

/// An exporter with a window and a trace.
struct Exporter
{
    ViewState state;
    SettingsStore settings;
    QWidget window;
    ExportController controller{state, settings, window};
    QSignalSpy succeeded{&controller, &ExportController::succeeded};
    QSignalSpy failed{&controller, &ExportController::failed};
    QSignalSpy opened{&controller, &ExportController::opened};

    explicit Exporter(SnapshotPtr snapshot) { state.setSnapshot(std::move(snapshot)); }
};

} // namespace

void TestWindowFiles::init()
{
    QVERIFY(m_folder.isValid());
    QSettings(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("Poolscope"),
              QStringLiteral("Poolscope"))
        .clear();
}

void TestWindowFiles::firstStartHasNoSettings()
{
    const SettingsStore store;
    QVERIFY(!store.run());
    QVERIFY(!store.layout());
    QVERIFY(store.paramMemory().empty());
    QCOMPARE(store.theme(), ThemeChoice::Auto);
}

void TestWindowFiles::settingsComeBack()
{
    const Workload& workload = *workloadChoices().front();
    RunSettings run;
    run.workload = workload.id;
    run.seed = 18'446'744'073'709'551'615ULL;
    run.chunk = 32;
    run.maxAttempts = 7;
    run.costLevel = CostLevel::Totals;
    run.executors = {{executorChoices().back().id.toStdString(), 9}};
    SetupPanel::ParamMemory memory{{workload.id, defaultParams(workload.params)}};
    {
        SettingsStore store;
        store.setRun(run);
        store.setParamMemory(memory);
        store.setLayout({"g", "c", "r", false, true, false});
        store.setTheme(ThemeChoice::Dark);
    }
    const SettingsStore store;
    QVERIFY(store.run() == run);
    QVERIFY(store.paramMemory() == memory);
    QVERIFY(store.layout().has_value());
    QCOMPARE(store.layout()->geometry, QByteArray("g"));
    QCOMPARE(store.layout()->isSetupShown, false);
    QCOMPARE(store.layout()->isLowerPanelShown, false);
    QCOMPARE(store.theme(), ThemeChoice::Dark);
}

void TestWindowFiles::layoutOfAnotherVersionIsLeftOut()
{
    {
        SettingsStore store;
        store.setLayout({});
        QVERIFY(store.layout());
    }
    QSettings(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("Poolscope"),
              QStringLiteral("Poolscope"))
        .setValue(QStringLiteral("window/version"), 99);
    QVERIFY(!SettingsStore().layout());
}

void TestWindowFiles::settingsThatMakeNoSenseAreLeftOut()
{
    QSettings raw(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("Poolscope"),
                  QStringLiteral("Poolscope"));
    const Workload& workload = *workloadChoices().front();
    raw.setValue(QStringLiteral("run/workload"), QString::fromStdString(workload.id));
    raw.setValue(QStringLiteral("run/chunk"), -5);
    raw.setValue(QStringLiteral("run/workers_threads"), 100'000);
    for (const ParamSpec& spec : workload.params) {
        raw.setValue(QStringLiteral("params/%1/%2")
                         .arg(QString::fromStdString(workload.id), QString::fromStdString(spec.id)),
                     QStringLiteral("§ nonsense"));
    }
    raw.sync();
    const SettingsStore store;
    const auto run = store.run();
    QVERIFY(run.has_value());
    QCOMPARE(run->chunk, 1);
    for (const ExecutorSettings& executor : run->executors) {
        QVERIFY(executor.workers <= maxWorkers());
    }
    const SetupPanel::ParamMemory memory = store.paramMemory();
    const auto known = memory.find(workload.id);
    const ParamSet params = known == memory.end() ? ParamSet() : known->second;
    QVERIFY(checkParams(workload.params, params).isOk());
}

void TestWindowFiles::everyFormatIsWritten_data()
{
    QTest::addColumn<QString>("suffix");
    for (const FileFormat& format : fileFormats()) {
        QTest::newRow(format.suffix) << QString::fromLatin1(format.suffix);
    }
}

void TestWindowFiles::everyFormatIsWritten()
{
    QFETCH(QString, suffix);
    Exporter exporter(smallTrace());
    const QString path = m_folder.filePath(QStringLiteral("a run.%1").arg(suffix));
    const QSignalSpy activity(&exporter.controller, &ExportController::activityChanged);
    exporter.controller.writeData(path);
    QVERIFY(exporter.controller.isBusy());
    QTRY_COMPARE(exporter.succeeded.size(), 1);
    QVERIFY(exporter.succeeded[0][0].toString().contains(QDir::toNativeSeparators(path)));
    QVERIFY(!exporter.controller.isBusy());
    QVERIFY(QFile(path).size() > 100);
    QCOMPARE(activity.size(), 2);
    QVERIFY(activity[1][0].toString().isEmpty());
}

void TestWindowFiles::savedRunOpensAgain()
{
    Exporter exporter(smallTrace());
    const QString path = m_folder.filePath(QStringLiteral("again.pscope"));
    exporter.controller.writeData(path);
    QTRY_COMPARE(exporter.succeeded.size(), 1);
    exporter.controller.openRun(path);
    QTRY_COMPARE(exporter.opened.size(), 1);
    const auto snapshot = exporter.opened[0][0].value<SnapshotPtr>();
    QVERIFY(snapshot != nullptr);
    QCOMPARE(snapshot->recordCount(), exporter.state.snapshot()->recordCount());
    QCOMPARE(exporter.opened[0][1].toString(), path);
}

void TestWindowFiles::pictureIsWrittenInItsSize()
{
    Exporter exporter(smallTrace());
    FigureOptions options;
    options.widthMm = 90;
    options.dpi = 300;
    const QString path = m_folder.filePath(QStringLiteral("picture.PNG"));
    exporter.controller.writePicture(exporter.state.snapshot(), options, path);
    QTRY_COMPARE(exporter.succeeded.size(), 1);
    const QImage image(path);
    QCOMPARE(image.width(), 1063); // 90 mm at 300 dots per inch
}

void TestWindowFiles::unknownEndingIsRefusedWithAReason_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("another ending") << QStringLiteral("run.txt");
    QTest::newRow("none") << QStringLiteral("run");
}

void TestWindowFiles::unknownEndingIsRefusedWithAReason()
{
    QFETCH(QString, name);
    Exporter exporter(smallTrace());
    const QString path = m_folder.filePath(name);
    exporter.controller.writeData(path);
    QCOMPARE(exporter.failed.size(), 1);
    QVERIFY(exporter.failed[0][0].toString().contains(QStringLiteral(".csv")));
    exporter.controller.writePicture(exporter.state.snapshot(), {}, path);
    QCOMPARE(exporter.failed.size(), 2);
    QVERIFY(exporter.failed[1][0].toString().contains(QStringLiteral(".png")));
    QVERIFY(!QFile::exists(path));
    QVERIFY(!exporter.controller.isBusy());
}

void TestWindowFiles::failureIsToldAndTheOldFileStays()
{
    Exporter exporter(smallTrace());
    const QString path = m_folder.filePath(QStringLiteral("no such folder/run.csv"));
    exporter.controller.writeData(path);
    QTRY_COMPARE(exporter.failed.size(), 1);
    QVERIFY(exporter.failed[0][0].toString().contains(QStringLiteral("no such folder")));

    QFile broken(m_folder.filePath(QStringLiteral("broken.pscope")));
    QVERIFY(broken.open(QIODevice::WriteOnly));
    broken.write("this is not a run");
    broken.close();
    exporter.controller.openRun(broken.fileName());
    QTRY_COMPARE(exporter.failed.size(), 2);
    QVERIFY(exporter.failed[1][0].toString().contains(QStringLiteral("broken.pscope")));
    QCOMPARE(exporter.opened.size(), 0);
}

void TestWindowFiles::secondFileWaitsForTheFirst()
{
    Exporter exporter(smallTrace());
    exporter.controller.writeData(m_folder.filePath(QStringLiteral("first.csv")));
    exporter.controller.writeData(m_folder.filePath(QStringLiteral("second.csv")));
    QCOMPARE(exporter.failed.size(), 1);
    QVERIFY(exporter.failed[0][0].toString().contains(QStringLiteral("first.csv")));
    QTRY_COMPARE(exporter.succeeded.size(), 1);
    QVERIFY(!QFile::exists(m_folder.filePath(QStringLiteral("second.csv"))));
}

void TestWindowFiles::folderIsRemembered()
{
    Exporter exporter(smallTrace());
    QVERIFY(exporter.settings.lastFolder() != m_folder.path());
    exporter.controller.writeData(m_folder.filePath(QStringLiteral("x.csv")));
    QCOMPARE(exporter.settings.lastFolder(), m_folder.path());
    QTRY_COMPARE(exporter.succeeded.size(), 1);
    QCOMPARE(SettingsStore().lastFolder(), m_folder.path());
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestWindowFiles)
#include "tst_window_files.moc"
