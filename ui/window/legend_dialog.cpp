// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/legend_dialog.h"

#include "core/trace/collector.h"
#include "ui/timeline/timeline_painter.h"

#include <QCoreApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

#include <memory>
#include <utility>

namespace poolscope {

namespace {

struct Legend
{
    Q_DECLARE_TR_FUNCTIONS(poolscope::Legend)
};

constexpr Nanos kMs = kNanosPerMilli;
constexpr TimeRange kShown{0, 10 * kMs};
constexpr int kSampleWidth = 170;
constexpr int kSampleHeight = 34;
constexpr int kTextWidth = 330;

/// A made-up lane with one thing to see on it. Times in milliseconds; shown are 0 to 10.
class LaneSample
{
public:
    explicit LaneSample(LaneKind kind = LaneKind::Thread)
        : m_lane(m_recorder->addLane({0, kind, 0}))
    {
        m_meta->executors = {{"threads", "", 1}};
        auto plan = std::make_shared<JobPlan>();
        plan->taskCount = 1;
        plan->items = {Legend::tr("task").toStdString()};
        m_meta->plan = std::move(plan);
    }
    LaneSample& live(double from, double to)
    {
        m_lane.openLife({at(from), -1, 1, 1});
        m_lane.closeLife(at(to));
        return *this;
    }
    LaneSample& task(double submit, double from, double to, TaskState state = TaskState::Done)
    {
        return process(submit, from, from, to, to, state);
    }
    LaneSample& process(double submit, double sent, double from, double to, double back,
                        TaskState state = TaskState::Done)
    {
        TaskRecord record;
        record.submitNs = at(submit);
        record.startNs = at(from);
        record.endNs = at(to);
        record.sentLeadNs = static_cast<float>(at(from) - at(sent));
        record.returnLagNs = static_cast<float>(at(back) - at(to));
        record.setState(state);
        m_lane.append(record, {}, {});
        return *this;
    }
    LaneSample& death(double time)
    {
        m_recorder->addControlEvent({at(time), ControlKind::WorkerDied, 0, 0, 0, {}});
        return *this;
    }
    LaneSample& running(double from)
    {
        m_lane.setRunning(0, at(from));
        return *this;
    }
    [[nodiscard]] SnapshotPtr snapshot() const
    {
        auto snapshot = std::make_shared<Snapshot>(
            *makeFinishedSnapshot(m_recorder, m_meta, {{}}, kShown.endNs));
        snapshot->lanes.front().running = m_lane.running();
        return snapshot;
    }

private:
    static Nanos at(double ms) { return static_cast<Nanos>(ms * static_cast<double>(kMs)); }

    std::shared_ptr<Recorder> m_recorder = std::make_shared<Recorder>(0, 1);
    std::shared_ptr<TraceMeta> m_meta = std::make_shared<TraceMeta>();
    Lane& m_lane;
};

class SampleView : public QWidget
{
public:
    SampleView(SnapshotPtr snapshot, const Theme& theme, QWidget* parent)
        : QWidget(parent)
        , m_snapshot(std::move(snapshot))
        , m_style(theme, font())
    {
        setObjectName(QStringLiteral("legendSample"));
        setFixedSize(kSampleWidth, kSampleHeight);
    }

protected:
    void paintEvent(QPaintEvent* /*event*/) override
    {
        QPainter painter(this);
        TimelinePainter timeline(m_style);
        timeline.begin(*m_snapshot, scaleFor(kShown, 0, width()), 8 * kMs, 1 / devicePixelRatio());
        const LaneView& lane = m_snapshot->lanes.front();
        painter.fillRect(rect(), m_style.theme.panel);
        timeline.paintLane(painter, lane, rect());
        timeline.paintRunning(painter, lane, rect());
        timeline.paintLifeMarks(painter, lane, rect());
    }

private:
    SnapshotPtr m_snapshot;
    TimelineStyle m_style;
};

SnapshotPtr crowdedLane()
{
    LaneSample lane;
    lane.live(-1, 11);
    constexpr int kTasks = 400;
    for (int i = 0; i < kTasks; ++i) {
        const double from = 10.0 * i / kTasks;
        const double part = 0.2 + 0.8 * ((i / 16 * 7) % 10) / 10.0;
        lane.task(from - 3, from, from + part * 10.0 / kTasks);
    }
    return lane.snapshot();
}

std::vector<std::pair<SnapshotPtr, QString>> samples()
{
    const auto whole = [](LaneKind kind = LaneKind::Thread) {
        LaneSample lane(kind);
        lane.live(-1, 11);
        return lane;
    };
    const auto ended = [&whole](TaskState state) { return whole().task(1, 1.5, 8.5, state); };
    constexpr LaneKind kProcess = LaneKind::Process;
    return {
        {whole().task(-400, 1.5, 8.5).snapshot(),
         Legend::tr("A task, coloured by its kind or its executor. The strip below it: how long it "
                    "waited in the queue, the darker the longer.")},
        {whole().running(1.5).snapshot(), Legend::tr("A task that runs now.")},
        {whole().task(0.5, 5.5, 9).snapshot(),
         Legend::tr("Hatched: the worker was free while this task waited in the queue.")},
        {whole(kProcess).process(1, 1, 4, 6.5, 9).snapshot(),
         Legend::tr("Lines: the task was handed over to its worker process; its result was on the "
                    "way back.")},
        {ended(TaskState::Failed).snapshot(), Legend::tr("It failed.")},
        {ended(TaskState::TimedOut).snapshot(), Legend::tr("It ran into its time limit.")},
        {ended(TaskState::Cancelled).snapshot(), Legend::tr("It was cancelled.")},
        {LaneSample(kProcess)
             .live(-1, 6)
             .live(7.5, 11)
             .task(1, 1.5, 6, TaskState::Lost)
             .death(6)
             .snapshot(),
         Legend::tr("The worker died under the task, and another one took its place. The cross "
                    "says why, what was lost and where it was tried again.")},
        {LaneSample().live(2, 8).task(2.5, 3, 7).snapshot(),
         Legend::tr("Brackets: a worker began and ended. Outside of them there was none.")},
        {crowdedLane(),
         Legend::tr("Tasks too short to be told apart: the height is the part of the time in which "
                    "the worker was busy. A failure among them is marked on top.")},
    };
}

} // namespace

QDialog* makeLegendDialog(const Theme& theme, QWidget* parent)
{
    auto* dialog = new QDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(Legend::tr("How to read the timeline"));
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(18);
    grid->setVerticalSpacing(10);
    int row = 0;
    for (auto& [snapshot, text] : samples()) {
        grid->addWidget(new SampleView(snapshot, theme, dialog), row, 0);
        auto* label = new QLabel(text, dialog);
        label->setWordWrap(true);
        label->setFixedWidth(kTextWidth);
        grid->addWidget(label, row++, 1, Qt::AlignVCenter);
    }
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    auto* layout = new QVBoxLayout(dialog);
    layout->setContentsMargins(20, 16, 20, 16);
    layout->setSpacing(16);
    layout->addLayout(grid);
    layout->addWidget(buttons);
    return dialog;
}

} // namespace poolscope
