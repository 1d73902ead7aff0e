// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/figure/figure_case.h"
#include "ui/figure/run_file_hash.h"

#include <QFile>
#include <QHashFunctions>
#include <QMap>
#include <QPainter>
#include <QTemporaryDir>
#include <QTest>

namespace poolscope {

using test::asPaths;
using test::duel;
using test::factNames;
using test::figureOf;
using test::render;

/// Figures as files: what is in them, and what other programs make of them.
class TestFigureFiles : public QObject
{
    Q_OBJECT

private slots:
    void pictureCarriesItsSizeAndOrigin();
    void provenanceIsComplete();
    void drawingsAreTheSameBytesEachTime_data();
    void drawingsAreTheSameBytesEachTime();
    void drawingsLookLikeThePicture_data();
    void drawingsLookLikeThePicture();
    void drawingOfManyTasksStaysSmall_data();
    void drawingOfManyTasksStaysSmall();
    void hugePicturesAreRefused();
    void unknownKindOfPictureIsRefused();
    void writesAFile();
    void keepsTheOldFileWhenItCannotWrite();
    void runFileHashIsSha256();
};

void TestFigureFiles::pictureCarriesItsSizeAndOrigin()
{
    const SnapshotPtr trace = duel(500);
    QImage image;
    QVERIFY(image.loadFromData(render(figureOf(trace), "a.png")));
    QCOMPARE(image.dotsPerMeterX(), 11811);
    QCOMPARE(image.dotsPerMeterY(), 11811);
    QCOMPARE(image.text(QStringLiteral("Run")), QString::fromStdString(trace->meta->runId));
    QCOMPARE(image.text(QStringLiteral("Date")), QStringLiteral("2023-11-14 22:13:20 UTC"));
    QVERIFY(image.text(QStringLiteral("Description")).contains(QStringLiteral("500 tasks")));
    for (const QString& key : factNames()) {
        QVERIFY2(key == QStringLiteral("Parameters") || !image.text(key).isEmpty(),
                 qPrintable(key));
    }
}

void TestFigureFiles::provenanceIsComplete()
{
    FigureOptions options;
    options.runFileHash = QString(64, u'f');
    const Figure figure = figureOf(duel(500), options);
    QMap<QString, QString> facts;
    for (const auto& [key, text] : figure.facts().metadata) {
        facts[key] = text;
    }
    for (const QString& key : factNames()) {
        QVERIFY2(facts.contains(key), qPrintable(key));
    }
    QCOMPARE(facts[QStringLiteral("RunFileSHA256")], options.runFileHash);
    QCOMPARE(facts[QStringLiteral("Palette")], QStringLiteral("paper"));
    QVERIFY(facts[QStringLiteral("Pools")].contains(QStringLiteral("Process pool, 4 workers")));
    QVERIFY(figure.facts().provenance.contains(QStringLiteral("ffffffff")));
    // A run that was not saved has none.
    const Figure unsaved = figureOf(duel(500));
    for (const auto& [key, text] : unsaved.facts().metadata) {
        QVERIFY(key != QStringLiteral("RunFileSHA256"));
    }
}

void TestFigureFiles::drawingsAreTheSameBytesEachTime_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<int>("tasks");
    QTest::addColumn<bool>("paths");
    for (const char* name : {"a.png", "a.svg", "a.pdf"}) {
        for (const int tasks : {400, 100'000}) {
            QTest::addRow("%s of %d", name, tasks) << QByteArray(name) << tasks << false;
        }
        QTest::addRow("%s, letters as paths", name) << QByteArray(name) << 400 << true;
    }
}

void TestFigureFiles::drawingsAreTheSameBytesEachTime()
{
    QFETCH(QByteArray, name);
    QFETCH(int, tasks);
    QFETCH(bool, paths);
    const auto draw = [&] {
        return render(
            figureOf(duel(static_cast<std::uint64_t>(tasks)), paths ? asPaths() : FigureOptions{}),
            name);
    };
    const QByteArray first = draw();
    QVERIFY(first.size() > 5'000);
    QHashSeed::resetRandomGlobalSeed(); // as in another process
    QVERIFY(first == draw());
}

void TestFigureFiles::drawingsLookLikeThePicture_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("paths");
    QTest::addColumn<int>("tasks");
    for (const char* name : {"a.svg", "a.pdf"}) {
        QTest::addRow("%s of bars", name) << QByteArray(name) << false << 100;
        QTest::addRow("%s of bars, letters as paths", name) << QByteArray(name) << true << 100;
        QTest::addRow("%s of columns", name) << QByteArray(name) << false << 50'000;
    }
}

void TestFigureFiles::drawingsLookLikeThePicture()
{
    QFETCH(QByteArray, name);
    QFETCH(bool, paths);
    QFETCH(int, tasks);
    const Figure figure =
        figureOf(duel(static_cast<std::uint64_t>(tasks)), paths ? asPaths() : FigureOptions{});
    const bool isSvg = name.endsWith("svg");
    const QImage drawn =
        isSvg
            ? test::drawnBy(QStringLiteral("rsvg-convert"),
                            {"-d", "150", "-p", "150", "-o", "%o", "%"}, render(figure, name))
            : test::drawnBy(QStringLiteral("pdftocairo"),
                            {"-png", "-r", "150", "-singlefile", "%", "%o"}, render(figure, name));
    if (drawn.isNull()) {
        QSKIP("rsvg-convert or pdftocairo is not installed (librsvg2-bin, poppler-utils)");
    }
    const double share = test::differingShare(figure.image(150), drawn);
    QVERIFY2(share < 0.01, qPrintable(QString::number(share)));
    // What is compared would notice if something were missing.
    QImage holed = figure.image(150);
    QPainter painter(&holed);
    painter.fillRect(holed.rect().adjusted(0, holed.height() / 2, 0, 0), Qt::white);
    painter.end();
    const double holedShare = test::differingShare(holed, drawn);
    QVERIFY2(holedShare > 4 * share + 0.01, qPrintable(QString::number(holedShare)));
}

void TestFigureFiles::drawingOfManyTasksStaysSmall_data()
{
    QTest::addColumn<int>("lanes");
    QTest::addColumn<int>("tasks");
    QTest::newRow("columns") << 4 << 200'000;
    QTest::newRow("20,000 tasks") << 16 << 20'000;
    QTest::newRow("bars on many lanes") << 64 << 12'000;
}

void TestFigureFiles::drawingOfManyTasksStaysSmall()
{
    QFETCH(int, lanes);
    QFETCH(int, tasks);
    const Figure figure =
        figureOf(test::makeSyntheticTrace(lanes, static_cast<std::uint64_t>(tasks)));
    for (const char* name : {"a.svg", "a.pdf"}) {
        const QByteArray drawing = render(figure, name);
        QVERIFY2(drawing.size() < 2'000'000, qPrintable(QString::number(drawing.size())));
    }
    QVERIFY(render(figure, "a.svg").contains("<text"));
}

void TestFigureFiles::hugePicturesAreRefused()
{
    FigureOptions options;
    options.widthMm = 1000;
    options.dpi = 1200; // 47,244 pixels
    const auto png =
        findFigureFormat(QStringLiteral("a.png"))->render(figureOf(duel(100), options));
    QVERIFY(!png.isOk());
    QVERIFY(png.error().message.find("47244") != std::string::npos);
    QVERIFY(findFigureFormat(QStringLiteral("a.pdf"))->render(figureOf(duel(100), options)).isOk());
}

void TestFigureFiles::unknownKindOfPictureIsRefused()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.gif"));
    const auto result = writeFigure(*duel(400), {}, path);
    QVERIFY(!result.isOk());
    QVERIFY(QString::fromStdString(result.error().message).contains(QStringLiteral(".svg")));
    QVERIFY(!QFile::exists(path));
}

void TestFigureFiles::writesAFile()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("figure.PNG"));
    QVERIFY(writeFigure(*duel(500), {}, path).isOk());
    QCOMPARE(QImage(path).width(), 2244);
}

void TestFigureFiles::keepsTheOldFileWhenItCannotWrite()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("old.png"));
    QFile old(path);
    QVERIFY(old.open(QIODevice::WriteOnly));
    old.write("old");
    old.close();
    FigureOptions huge;
    huge.widthMm = 1000;
    huge.dpi = 1200;
    const auto result = writeFigure(*duel(100), huge, path);
    QVERIFY(!result.isOk() && !result.error().message.empty());
    QVERIFY(old.open(QIODevice::ReadOnly));
    QCOMPARE(old.readAll(), QByteArray("old"));
    QVERIFY(!writeFigure(*duel(100), {}, folder.filePath(QStringLiteral("no/such/a.png"))).isOk());
}

void TestFigureFiles::runFileHashIsSha256()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("abc"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("abc");
    file.close();
    QCOMPARE(runFileHash(path),
             QStringLiteral("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    QVERIFY(runFileHash(folder.filePath(QStringLiteral("none"))).isEmpty());
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestFigureFiles)
#include "tst_figure_files.moc"
