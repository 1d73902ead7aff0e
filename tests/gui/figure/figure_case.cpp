// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/figure/figure_case.h"

#include <QFontInfo>
#include <QPainter>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTemporaryFile>

#include <algorithm>
#include <cmath>
#include <limits>

namespace poolscope::test {

namespace {

/// Takes down the text that is painted.
class TextEngine : public QPaintEngine
{
public:
    TextEngine()
        : QPaintEngine(AllFeatures)
    {}
    bool begin(QPaintDevice*) override { return true; }
    bool end() override { return true; }
    [[nodiscard]] Type type() const override { return User; }
    void updateState(const QPaintEngineState& now) override
    {
        if (now.state() & DirtyTransform) {
            m_transform = now.transform();
        }
    }
    void drawPath(const QPainterPath&) override {}
    void drawPolygon(const QPointF*, int, PolygonDrawMode) override {}
    void drawPixmap(const QRectF&, const QPixmap&, const QRectF&) override {}
    void drawImage(const QRectF&, const QImage&, const QRectF&, Qt::ImageConversionFlags) override
    {}
    void drawTextItem(const QPointF& at, const QTextItem& item) override
    {
        const double size = QFontInfo(item.font()).pixelSize();
        if (!item.text().trimmed().isEmpty()) {
            texts.push_back({item.text(), size * m_transform.m22(),
                             m_transform.mapRect(
                                 QRectF(at.x(), at.y() - 0.72 * size, item.width(), 0.9 * size))});
        }
    }
    using QPaintEngine::drawPolygon;

    std::vector<PaintedText> texts;

private:
    QTransform m_transform;
};

class TextDevice : public QPaintDevice
{
public:
    [[nodiscard]] QPaintEngine* paintEngine() const override { return &m_engine; }
    [[nodiscard]] const std::vector<PaintedText>& texts() const { return m_engine.texts; }

protected:
    int metric(PaintDeviceMetric metric) const override
    {
        switch (metric) {
        case PdmDpiX:
        case PdmDpiY:
        case PdmPhysicalDpiX:
        case PdmPhysicalDpiY:
            return 72;
        case PdmDevicePixelRatio:
            return 1;
        case PdmDevicePixelRatioScaled:
            return static_cast<int>(devicePixelRatioFScale());
        default:
            return 10'000;
        }
    }

private:
    mutable TextEngine m_engine;
};

} // namespace

SnapshotPtr laneOf(const std::vector<TaskAt>& tasks, Nanos nowNs)
{
    auto meta = std::make_shared<TraceMeta>();
    meta->runId = std::string(32, 'a');
    meta->version = "0.0.0";
    meta->title = "Made up";
    meta->workloadId = "made_up";
    meta->executors = {{"threads", "Thread pool", 1}};
    auto plan = std::make_shared<JobPlan>();
    plan->taskCount = tasks.size();
    plan->kinds = {"one", "two"};
    meta->plan = plan;
    auto recorder = std::make_shared<Recorder>(0, 1);
    Lane& lane = recorder->addLane({0, LaneKind::Thread, 0});
    lane.openLife({0, -1, 1, 7});
    std::uint32_t number = 0;
    for (const TaskAt& task : tasks) {
        TaskRecord record;
        record.submitNs = 0;
        record.startNs = task.beginNs;
        record.endNs = task.endNs;
        record.task = number++;
        record.setState(task.state);
        lane.append(record, {}, {});
    }
    lane.closeLife(nowNs);
    auto snapshot = std::make_shared<Snapshot>();
    snapshot->meta = meta;
    LaneView view;
    view.lane = &lane;
    view.recordCount = lane.recordCount();
    view.lives = lane.lives();
    view.laneIndex = 0;
    snapshot->lanes = {view};
    snapshot->recorder = recorder;
    snapshot->totals.resize(1);
    snapshot->nowNs = nowNs;
    return snapshot;
}

int countPixels(const QImage& image, const QColor& color, QRect part)
{
    part = part.isNull() ? image.rect() : part.intersected(image.rect());
    int count = 0;
    for (int y = part.top(); y <= part.bottom(); ++y) {
        for (int x = part.left(); x <= part.right(); ++x) {
            count += image.pixel(x, y) == color.rgb() ? 1 : 0;
        }
    }
    return count;
}

std::vector<PaintedText> textsOf(const Figure& figure)
{
    TextDevice device;
    QPainter painter(&device);
    figure.paint(painter);
    painter.end();
    return device.texts();
}

bool hasText(const Figure& figure, const QString& part)
{
    const auto texts = textsOf(figure);
    return std::ranges::any_of(
        texts, [&part](const PaintedText& text) { return text.text.contains(part); });
}

FigureOptions cropped(const SnapshotPtr& trace, double from, double to)
{
    FigureOptions options;
    const auto end = static_cast<double>(trace->nowNs);
    options.range = TimeRange{std::llround(end * from), std::llround(end * to)};
    return options;
}

FigureOptions withParts(const char* parts)
{
    FigureOptions options;
    options.parts = figurePartsOf(QString::fromLatin1(parts)).value();
    return options;
}

FigureOptions asPaths()
{
    FigureOptions options;
    options.textForm = TextForm::Paths;
    return options;
}

QStringList factNames()
{
    return {"Software", "Run", "Date",  "Seed",  "Workload", "Parameters", "Chunk", "Pools",
            "System",   "CPU", "Cores", "Clock", "Dropped",  "Range",      "Lanes", "Palette"};
}

QString toolOutput(const QString& program, QStringList arguments, const QByteArray& bytes,
                   int& status)
{
    if (QStandardPaths::findExecutable(program).isEmpty()) {
        return {};
    }
    QTemporaryFile file;
    if (!file.open() || file.write(bytes) != bytes.size()) {
        return {};
    }
    file.close();
    arguments.replaceInStrings(QStringLiteral("%"), file.fileName());
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    process.waitForFinished(100'000);
    status = process.exitCode();
    return QString::fromUtf8(process.readAll()) + u'\n';
}

QImage drawnBy(const QString& program, QStringList arguments, const QByteArray& bytes)
{
    const QTemporaryDir folder;
    const QString picture = folder.filePath(QStringLiteral("picture.png"));
    arguments.replaceInStrings(QStringLiteral("%o"), picture);
    int status = -1;
    toolOutput(program, arguments, bytes, status);
    return QImage(picture);
}

double differingShare(const QImage& first, const QImage& second)
{
    constexpr int kPlace = 5;
    const QSize size = first.size() / kPlace;
    const auto places = [&size](const QImage& image) {
        return image.convertToFormat(QImage::Format_RGB32)
            .scaled(size, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
    };
    const QImage a = places(first);
    const QImage b = places(second);
    int differing = 0;
    for (int y = 0; y < size.height(); ++y) {
        for (int x = 0; x < size.width(); ++x) {
            differing += std::abs(qGray(a.pixel(x, y)) - qGray(b.pixel(x, y))) > 40 ? 1 : 0;
        }
    }
    return static_cast<double>(differing) / (size.width() * size.height());
}

} // namespace poolscope::test
