// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/file_format.h"
#include "tests/support/synthetic_trace.h"
#include "ui/figure/figure_view.h"
#include "ui/figure/run_file_hash.h"
#include "ui/window/export_controller.h"
#include "ui/window/export_dialog.h"
#include "ui/window/settings_store.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QSet>
#include <QSettings>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <memory>

namespace poolscope {

/// The dialog that asks what a figure is to look like.
class TestExportDialog : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void fitsASmallScreen();
    void everythingHasANameAndIsReachedByTab();
    void previewIsTheFigure();
    void impossibleFiguresSayWhy();
    void presetsFillTheFields();
    void unitsShowTheSameSize();
    void pixelsStayWhatWasTyped();
    void offersEveryCrop();
    void typedRangeCounts();
    void lanesAreChosenFromAList();
    void contentAndLookAreAskedFor();
    void beginsWithColoursAndLanesOfTheTimeline();
    void optionsComeBack();
    void savedViewMakesTheSameBytes();
    void brokenViewIsToldAndChangesNothing();
    void savesTheBars();
    void copiesPictureCaptionAndAltText();
    void lastLookIsRemembered();
    void runFileIsNamed();

private:
    QTemporaryDir m_folder;
};

namespace {

SnapshotPtr smallTrace()
{
    return test::makeSyntheticTrace({.lanes = 3, .tasks = 200, .executors = 2});
}

/// A dialog that is shown, and what is in it.
struct Shown
{
    FigureSource source;
    std::unique_ptr<ExportDialog> dialog;

    explicit Shown(FigureSource given = {smallTrace(), {0, 1'000'000}, {}, {}, {}},
                   const FigureOptions& look = {})
        : source(std::move(given))
        , dialog(std::make_unique<ExportDialog>(source, look))
    {
        dialog->setAttribute(Qt::WA_DeleteOnClose, false);
        dialog->show();
        (void)QTest::qWaitForWindowActive(dialog.get()); // fields commit when they lose the focus
    }
    template <class Widget>
    Widget* named(const char* name) const
    {
        for (Widget* widget : dialog->findChildren<Widget*>()) {
            if (widget->accessibleName() == QLatin1String(name)) {
                return widget;
            }
        }
        qFatal("there is no %s", name);
        return nullptr;
    }
    [[nodiscard]] FigureOptions options() const { return dialog->options(); }
    /// Chooses as a user does: by the keyboard.
    void choose(const char* box, int index) const
    {
        auto* combo = named<QComboBox>(box);
        openPageOf(combo);
        combo->setFocus();
        QTest::keyClick(combo, Qt::Key_Home);
        for (int i = 0; i < index; ++i) {
            QTest::keyClick(combo, Qt::Key_Down);
        }
        QCOMPARE(combo->currentIndex(), index);
    }
    void type(const char* box, const QString& text) const
    {
        auto* spin = named<QAbstractSpinBox>(box);
        openPageOf(spin);
        spin->setFocus();
        spin->selectAll();
        QTest::keyClicks(spin, text);
        QTest::keyClick(spin, Qt::Key_Tab);
    }
    void openPageOf(const QWidget* widget) const
    {
        auto* tabs = dialog->findChild<QTabWidget*>();
        for (int i = 0; i < tabs->count(); ++i) {
            if (tabs->widget(i)->isAncestorOf(widget)) {
                tabs->setCurrentIndex(i);
            }
        }
    }
    QAction* action(const QString& text) const
    {
        for (QMenu* menu : dialog->findChildren<QMenu*>()) {
            for (QAction* action : menu->actions()) {
                if (action->text().remove(u'&').startsWith(text)) {
                    return action;
                }
            }
        }
        return nullptr;
    }
    bool hasPreview() const
    {
        return !named<QLabel>("Preview")->pixmap(Qt::ReturnByValue).isNull();
    }
};

QByteArray bytesOf(const QString& path)
{
    QFile file(path);
    return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

void TestExportDialog::init()
{
    QFile::remove(QSettings(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("Poolscope"),
                            QStringLiteral("Poolscope"))
                      .fileName());
}

void TestExportDialog::fitsASmallScreen()
{
    const Shown shown;
    QVERIFY(shown.dialog->width() <= 1280 && shown.dialog->height() <= 740);
    QVERIFY(shown.dialog->minimumSizeHint().width() <= 1000);
    QVERIFY(shown.dialog->minimumSizeHint().height() <= 600);
}

void TestExportDialog::everythingHasANameAndIsReachedByTab()
{
    const Shown shown;
    auto* tabs = shown.dialog->findChild<QTabWidget*>();
    int fields = 0;
    for (int page = 0; page < tabs->count(); ++page) {
        tabs->setCurrentIndex(page);
        QVERIFY(tabs->tabText(page).contains(u'&'));
        QSet<QWidget*> reached;
        for (int i = 0; i < 40; ++i) {
            QTest::keyClick(QApplication::focusWidget() != nullptr ? QApplication::focusWidget()
                                                                   : shown.dialog.get(),
                            Qt::Key_Tab);
            reached.insert(QApplication::focusWidget());
        }
        for (QWidget* widget : tabs->widget(page)->findChildren<QWidget*>()) {
            const bool isField =
                (qobject_cast<QComboBox*>(widget) != nullptr ||
                 qobject_cast<QAbstractSpinBox*>(widget) != nullptr ||
                 qobject_cast<QCheckBox*>(widget) != nullptr ||
                 qobject_cast<QListWidget*>(widget) != nullptr ||
                 (qobject_cast<QLineEdit*>(widget) != nullptr &&
                  qobject_cast<QAbstractSpinBox*>(widget->parentWidget()) == nullptr)) &&
                widget->isVisible();
            if (isField) {
                ++fields;
                QVERIFY2(!widget->accessibleName().isEmpty(), widget->metaObject()->className());
                QVERIFY2(reached.contains(widget), qPrintable(widget->accessibleName()));
            }
        }
    }
    QVERIFY(fields >= 22);
    const auto buttons = shown.dialog->findChildren<QPushButton*>();
    for (const QPushButton* button : buttons) {
        QVERIFY2(button->text() == QStringLiteral("Cancel") || button->text().contains(u'&'),
                 qPrintable(button->text()));
    }
}

void TestExportDialog::previewIsTheFigure()
{
    const Shown shown;
    QTRY_VERIFY(shown.hasPreview());
    const Figure figure = Figure::make(*shown.source.snapshot, shown.options()).value();
    const QSize pixels = shown.named<QLabel>("Preview")->pixmap(Qt::ReturnByValue).size();
    const double asShown = static_cast<double>(pixels.width()) / pixels.height();
    QVERIFY(std::abs(asShown - figure.sizePt().width() / figure.sizePt().height()) < 0.02);
    QTRY_VERIFY(
        shown.named<QLabel>("Size of the picture")->text().contains(QStringLiteral("190 × ")));
    QVERIFY(
        shown.named<QLabel>("Size of the picture")->text().contains(QStringLiteral("2,244 × ")));
    QCOMPARE(shown.named<QLabel>("Preview")->accessibleDescription(), figure.facts().altText);
}

void TestExportDialog::impossibleFiguresSayWhy()
{
    const Shown shown;
    shown.type("Height", QStringLiteral("41"));
    auto* preview = shown.named<QLabel>("Preview");
    QTRY_VERIFY(preview->text().contains(QStringLiteral("at least")));
    QPushButton* save = nullptr;
    for (QPushButton* button : shown.dialog->findChildren<QPushButton*>()) {
        save = button->isDefault() ? button : save;
    }
    QVERIFY(save != nullptr && !save->isEnabled());
    shown.type("Height", QStringLiteral("0"));
    QTRY_VERIFY(shown.hasPreview());
    QVERIFY(save->isEnabled());
}

void TestExportDialog::presetsFillTheFields()
{
    const Shown shown;
    shown.choose("Purpose", 3);
    FigureOptions slide;
    apply(*findFigurePreset(QStringLiteral("slide")), slide);
    QVERIFY(shown.options() == slide);
    shown.choose("Purpose", 0);
    QCOMPARE(shown.options().widthMm, 90.0);
    QCOMPARE(shown.options().fontPt, 8.0);
    shown.type("Width", QStringLiteral("100"));
    QCOMPARE(shown.named<QComboBox>("Purpose")->currentText(), QStringLiteral("Own size"));
    shown.type("Width", QStringLiteral("140"));
    QCOMPARE(shown.named<QComboBox>("Purpose")->currentIndex(), 1);
}

void TestExportDialog::unitsShowTheSameSize()
{
    const Shown shown;
    const FigureOptions before = shown.options();
    shown.choose("Unit", 1);
    QCOMPARE(shown.named<QDoubleSpinBox>("Width")->value(), 7.48);
    shown.choose("Unit", 2);
    QCOMPARE(shown.named<QDoubleSpinBox>("Width")->value(), 2244.0);
    shown.choose("Unit", 0);
    QVERIFY(shown.options() == before); // exactly, whatever the fields had rounded
}

void TestExportDialog::pixelsStayWhatWasTyped()
{
    const Shown shown;
    shown.choose("Unit", 2);
    shown.type("Width", QStringLiteral("1500"));
    const Figure figure = Figure::make(*shown.source.snapshot, shown.options()).value();
    QCOMPARE(figure.sizePx().width(), 1500);
}

void TestExportDialog::offersEveryCrop()
{
    const TimeRange visible{1'000, 900'000};
    const Shown plain({smallTrace(), visible, {}, {}, {}});
    QCOMPARE(plain.named<QComboBox>("Range")->count(), 3);
    QVERIFY(!plain.options().range);
    plain.choose("Range", 1);
    QVERIFY(plain.options().range == visible);
    const TimeRange selected{200'000, 700'000};
    const Shown shown({smallTrace(), visible, selected, {}, {}});
    QCOMPARE(shown.named<QComboBox>("Range")->count(), 4);
    QVERIFY(shown.options().range == selected); // what was selected is what is wanted
    shown.choose("Range", 0);
    QVERIFY(!shown.options().range);
}

void TestExportDialog::typedRangeCounts()
{
    const Shown shown;
    shown.type("From", QStringLiteral("0.25"));
    shown.type("To", QStringLiteral("0.75"));
    QVERIFY((shown.options().range == TimeRange{250'000, 750'000}));
    QCOMPARE(shown.named<QComboBox>("Range")->currentText(), QStringLiteral("From … to …"));
    shown.type("To", QStringLiteral("0.1"));
    QTRY_VERIFY(shown.named<QLabel>("Preview")->text().contains(QStringLiteral("empty")));
}

void TestExportDialog::lanesAreChosenFromAList()
{
    const Shown shown({smallTrace(), {0, 1'000'000}, {}, {1, 2, 3}, {}});
    QVERIFY(shown.options().lanes.isAll());
    shown.choose("Lanes", 1);
    QCOMPARE(toText(shown.options().lanes), QStringLiteral("threads:1-2,processes:0"));
    auto* list = shown.named<QListWidget>("Lanes to choose from");
    QCOMPARE(list->count(), 6);
    QCOMPARE(list->item(0)->checkState(), Qt::Unchecked);
    QCOMPARE(list->item(1)->checkState(), Qt::Checked);
    list->setFocus();
    list->setCurrentRow(1);
    QTest::keyClick(list, Qt::Key_Space);
    QCOMPARE(toText(shown.options().lanes), QStringLiteral("threads:2,processes:0"));
    QCOMPARE(shown.named<QComboBox>("Lanes")->currentText(), QStringLiteral("Those ticked below"));
    // Without a word of the window on what is seen there is no such entry.
    QCOMPARE(Shown().named<QComboBox>("Lanes")->count(), 2);
}

void TestExportDialog::contentAndLookAreAskedFor()
{
    const Shown shown;
    auto* title = shown.named<QLineEdit>("Title");
    shown.openPageOf(title);
    QTest::keyClicks(title, QStringLiteral("My title"));
    QTest::keyClicks(shown.named<QLineEdit>("Panel letter"), QStringLiteral("c"));
    QTest::mouseClick(shown.named<QCheckBox>("Place in the run"), Qt::LeftButton, {}, QPoint(8, 8));
    QTest::keyClick(shown.named<QCheckBox>("Legend"), Qt::Key_Space);
    shown.choose("Colours", 1);
    shown.choose("Letters in drawings", 1);
    shown.type("Task names with a colour", QStringLiteral("3"));
    const FigureOptions options = shown.options();
    QCOMPARE(options.title, QStringLiteral("My title"));
    QCOMPARE(options.panel, QStringLiteral("c"));
    QVERIFY(options.parts.hasHere && !options.parts.hasLegend && options.parts.hasNumbers);
    QCOMPARE(options.theme, FigureTheme::Greyscale);
    QCOMPARE(options.textForm, TextForm::Paths);
    QCOMPARE(options.mostNames, 3);
}

void TestExportDialog::beginsWithColoursAndLanesOfTheTimeline()
{
    FigureOptions last;
    last.colorBy = ColorMode::Name; // what was wanted last does not count
    const Shown shown({smallTrace(),
                       {0, 1'000'000},
                       {},
                       {},
                       {},
                       {"processes"},
                       LaneOrder::Tasks,
                       ColorMode::Outcome},
                      last);
    QVERIFY(shown.options().colorBy == ColorMode::Outcome);
    QVERIFY(shown.options().collapsed == std::vector<std::string>{"processes"});
    QVERIFY(shown.options().order == LaneOrder::Tasks);
    QTRY_VERIFY(shown.hasPreview());
    shown.choose("Colour by", static_cast<int>(ColorMode::QueueWait));
    QVERIFY(shown.options().colorBy == ColorMode::QueueWait);
    shown.choose("Order of lanes", static_cast<int>(LaneOrder::Start));
    QVERIFY(shown.options().order == LaneOrder::Start);
    auto* box = shown.named<QCheckBox>("Thread pool in one row");
    shown.openPageOf(box);
    box->setFocus();
    QTest::keyClick(box, Qt::Key_Space);
    QVERIFY((shown.options().collapsed == std::vector<std::string>{"threads", "processes"}));
}

void TestExportDialog::optionsComeBack()
{
    FigureOptions options;
    options.widthMm = 123.456;
    options.heightMm = 150;
    options.dpi = 222;
    options.fontPt = 9.5;
    options.range = TimeRange{123'456, 654'321};
    options.lanes = parseLaneChoice(QStringLiteral("threads:1,processes:0-1")).value();
    options.collapsed = {"processes"};
    options.order = LaneOrder::BusyShare;
    options.colorBy = ColorMode::RunTime;
    options.title = QStringLiteral("T");
    options.panel = QStringLiteral("p");
    options.parts = figurePartsOf(QStringLiteral("strip,here")).value();
    options.theme = FigureTheme::Dark;
    options.textForm = TextForm::Paths;
    options.mostNames = 2;
    options.mostElements = 4'321;
    const Shown shown;
    shown.dialog->setOptions(options);
    QVERIFY(shown.options() == options);
}

void TestExportDialog::savedViewMakesTheSameBytes()
{
    const QString run = m_folder.filePath(QStringLiteral("run.pscope"));
    QVERIFY(writeSnapshot(*smallTrace(), *findFileFormat("pscope"), run.toStdString()).isOk());
    const SnapshotPtr opened = readRunFile(run.toStdString()).value();
    const Shown shown({opened, {0, 1'000'000}, TimeRange{100'000, 500'000}, {}, runFileHash(run)});
    shown.choose("Purpose", 0);
    shown.choose("Colours", 1);
    const QString view = m_folder.filePath(QStringLiteral("fig1.json"));
    const QSignalSpy done(shown.dialog.get(), &ExportDialog::fileDone);
    shown.dialog->saveView(view);
    QTRY_COMPARE(done.size(), 1);
    QVERIFY(done[0][0].toBool());
    // As poolscope export --view does it (tst_command_line: viewMakesTheSameFigureAgain).
    FigureOptions again = readViewFile(view).value();
    again.runFileHash = runFileHash(run);
    for (const char* name : {"a.pdf", "a.svg", "a.png"}) {
        const FigureFormat* format = findFigureFormat(QString::fromLatin1(name));
        const Figure asked = Figure::make(*opened, shown.options()).value();
        const Figure redone = Figure::make(*readRunFile(run.toStdString()).value(), again).value();
        QVERIFY2(format->render(asked).value() == format->render(redone).value(), name);
    }
    // And the dialog reads it again.
    const Shown other({opened, {0, 1'000'000}, {}, {}, runFileHash(run)});
    const QSignalSpy loaded(other.dialog.get(), &ExportDialog::fileDone);
    other.dialog->loadView(view);
    QTRY_COMPARE(loaded.size(), 1);
    QVERIFY(other.options() == shown.options());
}

void TestExportDialog::brokenViewIsToldAndChangesNothing()
{
    const QString path = m_folder.filePath(QStringLiteral("broken.json"));
    QFile file(path);
    QVERIFY(file.open(QFile::WriteOnly));
    file.write("{ \"poolscope_view\": 1, \"lamp\": 2 }");
    file.close();
    const Shown shown;
    const FigureOptions before = shown.options();
    const QSignalSpy done(shown.dialog.get(), &ExportDialog::fileDone);
    shown.dialog->loadView(path);
    QTRY_COMPARE(done.size(), 1);
    QVERIFY(!done[0][0].toBool());
    QVERIFY(shown.named<QLabel>("What was done")->text().contains(QStringLiteral("lamp")));
    QVERIFY(shown.options() == before);
}

void TestExportDialog::savesTheBars()
{
    const Shown shown;
    const QString path = m_folder.filePath(QStringLiteral("bars.csv"));
    const QSignalSpy done(shown.dialog.get(), &ExportDialog::fileDone);
    shown.dialog->saveBars(path);
    QTRY_COMPARE(done.size(), 1);
    QCOMPARE(bytesOf(path), Figure::make(*shown.source.snapshot, {}).value().barsCsv());
}

void TestExportDialog::copiesPictureCaptionAndAltText()
{
    const Shown shown;
    const Figure figure = Figure::make(*shown.source.snapshot, shown.options()).value();
    const QSignalSpy copied(shown.dialog.get(), &ExportDialog::copied);
    shown.action(QStringLiteral("Picture"))->trigger();
    QTRY_COMPARE(copied.size(), 1);
    const QMimeData* mime = QGuiApplication::clipboard()->mimeData();
    QCOMPARE(mime->imageData().value<QImage>().width(), 2244);
    QVERIFY(mime->data(QStringLiteral("image/svg+xml")).startsWith("<?xml"));
    QVERIFY(mime->html().contains(QStringLiteral("alt=\"") +
                                  figure.facts().altText.toHtmlEscaped().left(40)));
    QCOMPARE(mime->text(), figure.facts().altText);
    shown.action(QStringLiteral("Caption"))->trigger();
    QTRY_COMPARE(copied.size(), 2);
    QCOMPARE(QGuiApplication::clipboard()->text(), figure.facts().caption);
    shown.action(QStringLiteral("Alternative"))->trigger();
    QTRY_COMPARE(copied.size(), 3);
    QCOMPARE(QGuiApplication::clipboard()->text(), figure.facts().altText);
}

void TestExportDialog::lastLookIsRemembered()
{
    ViewState state;
    state.setSnapshot(smallTrace());
    QWidget window;
    {
        SettingsStore settings;
        ExportController controller(state, settings, window);
        controller.askExportPicture();
        auto* dialog = window.findChild<ExportDialog*>();
        QVERIFY(dialog != nullptr);
        FigureOptions options;
        options.widthMm = 77;
        options.theme = FigureTheme::Dark;
        options.title = QStringLiteral("of this run only");
        options.range = TimeRange{5, 50'000};
        dialog->setOptions(options);
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(window.findChild<ExportDialog*>() == nullptr);
    }
    SettingsStore settings;
    const FigureOptions look = settings.figureLook();
    QCOMPARE(look.widthMm, 77.0);
    QCOMPARE(look.theme, FigureTheme::Dark);
    QVERIFY(look.title.isEmpty() && !look.range);
    ExportController controller(state, settings, window);
    controller.askExportPicture();
    auto* dialog = window.findChild<ExportDialog*>();
    QCOMPARE(dialog->options().widthMm, 77.0);
    QVERIFY(!dialog->options().range);
    dialog->close();
}

void TestExportDialog::runFileIsNamed()
{
    ViewState state;
    SettingsStore settings;
    QWidget window;
    ExportController controller(state, settings, window);
    const QSignalSpy succeeded(&controller, &ExportController::succeeded);
    const QSignalSpy opened(&controller, &ExportController::opened);
    state.setSnapshot(smallTrace());
    QVERIFY(controller.runFileHash(*state.snapshot()).isEmpty());
    const QString path = m_folder.filePath(QStringLiteral("named.pscope"));
    controller.writeData(path);
    QTRY_COMPARE(succeeded.size(), 1);
    QCOMPARE(controller.runFileHash(*state.snapshot()), runFileHash(path));
    ExportController other(state, settings, window);
    const QSignalSpy otherOpened(&other, &ExportController::opened);
    other.openRun(path);
    QTRY_COMPARE(otherOpened.size(), 1);
    QCOMPARE(other.runFileHash(*otherOpened[0][0].value<SnapshotPtr>()), runFileHash(path));
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestExportDialog)
#include "tst_export_dialog.moc"
