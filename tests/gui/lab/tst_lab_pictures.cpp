// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/lab/lab_parts.h"
#include "ui/lab/chunks_page.h"
#include "ui/lab/duel_page.h"
#include "ui/lab/lab_picture.h"
#include "ui/lab/workers_page.h"

#include <QFile>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

namespace poolscope {

/// What the Lab's pages write, after real runs of all three.
class TestLabPictures : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void picturesAreReadable_data();
    void picturesAreReadable();
    void dataAreReadable_data();
    void dataAreReadable();
    void otherNamesAreRefused();
    void everyPageIsDrawnInBothThemes();

private:
    [[nodiscard]] QByteArray read(const QString& name) const;
    [[nodiscard]] LabPage& page(int tab) const;

    QTemporaryDir m_folder;
    std::unique_ptr<ShownLab> m_lab;
};

void TestLabPictures::initTestCase()
{
    QVERIFY(m_folder.isValid());
    m_lab = std::make_unique<ShownLab>(labJob(8, 2));
    for (const LabWindow::Tab tab : {LabWindow::Workers, LabWindow::Chunks, LabWindow::Duel}) {
        m_lab->window.setCurrentTab(tab);
        ShownLab::plan(page(tab).form(), QStringLiteral("1, 2"), tab == LabWindow::Duel ? 3 : 2);
        QVERIFY(m_lab->measure());
        QVERIFY(!page(tab).runs().empty());
    }
}

void TestLabPictures::cleanupTestCase()
{
    m_lab.reset();
}

LabPage& TestLabPictures::page(int tab) const
{
    const LabWindow& window = m_lab->window;
    switch (tab) {
    case LabWindow::Workers:
        return window.workersPage();
    case LabWindow::Chunks:
        return window.chunksPage();
    default:
        return window.duelPage();
    }
}

QByteArray TestLabPictures::read(const QString& name) const
{
    QFile file(m_folder.filePath(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void TestLabPictures::picturesAreReadable_data()
{
    QTest::addColumn<int>("tab");
    QTest::newRow("workers") << int{LabWindow::Workers};
    QTest::newRow("chunks") << int{LabWindow::Chunks};
    QTest::newRow("duel") << int{LabWindow::Duel};
}

void TestLabPictures::picturesAreReadable()
{
    QFETCH(const int, tab);
    const QSignalSpy told(&page(tab), &LabPage::told);
    for (const char* suffix : {"png", "svg", "pdf"}) {
        page(tab).writePicture(m_folder.filePath(QLatin1String("a.") + QLatin1String(suffix)));
    }
    QCOMPARE(told.size(), 3);
    for (const auto& message : told) {
        QVERIFY2(!message[0].toBool(), qPrintable(message[1].toString()));
    }
    const QImage image = QImage::fromData(read("a.png"), "PNG");
    QVERIFY(image.width() >= 2 * 760);
    QCOMPARE(image.pixelColor(2, 2), QColor(Qt::white));
    QXmlStreamReader xml(read("a.svg"));
    int texts = 0;
    while (!xml.atEnd()) {
        texts += xml.readNext() == QXmlStreamReader::StartElement && xml.name() == u"text" ? 1 : 0;
    }
    QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
    QVERIFY(texts > 5);
    QVERIFY(read("a.svg").contains("Sleep"));
    QVERIFY(read("a.pdf").startsWith("%PDF-"));
    QVERIFY(read("a.pdf").size() > 2'000);
}

void TestLabPictures::dataAreReadable_data()
{
    picturesAreReadable_data();
}

void TestLabPictures::dataAreReadable()
{
    QFETCH(const int, tab);
    page(tab).writeData(m_folder.filePath("a.csv"));
    page(tab).writeData(m_folder.filePath("a.JSON"));
    const QList<QByteArray> lines = read("a.csv").trimmed().split('\n');
    QCOMPARE(static_cast<std::size_t>(lines.size()), page(tab).runs().size() + 1);
    const auto columns = lines.front().split(',');
    for (const QByteArray& line : lines) {
        QCOMPARE(line.split(',').size(), columns.size());
    }
    const auto makespan = lines[1].split(',')[columns.indexOf("makespan_s")].toDouble();
    QVERIFY(std::abs(makespan * 1e9 -
                     static_cast<double>(page(tab).runs().front().summary.makespanNs)) < 10);
    const QJsonObject report = QJsonDocument::fromJson(read("a.JSON")).object();
    QCOMPARE(report["rounds"].toInt(), tab == LabWindow::Duel ? 3 : 2);
    QCOMPARE(report[tab == LabWindow::Duel ? "sides" : "points"].toArray().size(), 2);
}

void TestLabPictures::otherNamesAreRefused()
{
    LabPage& workers = page(LabWindow::Workers);
    const QSignalSpy told(&workers, &LabPage::told);
    workers.writePicture(m_folder.filePath("b.gif"));
    workers.writeData(m_folder.filePath("b"));
    workers.writePicture(m_folder.filePath("no/such/folder/b.png"));
    QCOMPARE(told.size(), 3);
    for (const auto& message : told) {
        QVERIFY(message[0].toBool());
        QVERIFY(message[1].toString().contains(m_folder.path()));
    }
    QVERIFY(m_lab->window.messageBar().isVisible());
    QVERIFY(!QFile::exists(m_folder.filePath("b.gif")));
    QVERIFY(!QFile::exists(m_folder.filePath("b")));
}

void TestLabPictures::everyPageIsDrawnInBothThemes()
{
    for (const int tab : {LabWindow::Workers, LabWindow::Chunks, LabWindow::Duel}) {
        m_lab->window.setCurrentTab(static_cast<LabWindow::Tab>(tab));
        auto* picture = page(tab).findChild<LabPicture*>();
        QVERIFY(!picture->isEmpty());
        QVERIFY(!picture->accessibleName().isEmpty());
        QVERIFY(!picture->accessibleDescription().isEmpty());
        m_lab->window.setTheme(Theme::light());
        const QImage light = picture->grab().toImage();
        m_lab->window.setTheme(Theme::dark());
        QVERIFY(light != picture->grab().toImage());
    }
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestLabPictures)
#include "tst_lab_pictures.moc"
