// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/hand_over_form.h"

#include "core/control/catalogue_view.h"
#include "ui/panels/line_icon.h"
#include "ui/panels/number_box.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRandomGenerator>
#include <QSpinBox>
#include <QToolButton>

namespace poolscope {

namespace {

constexpr int kMostAttempts = 100;
constexpr int kFieldWidth = 124;

/// Short enough to read out and to type again.
constexpr quint32 kSeedEnd = 1'000'000;

ParamSpec seedSpec()
{
    ParamSpec spec;
    spec.id = "seed";
    spec.label = "Seed";
    spec.defaultValue = std::int64_t{1};
    spec.minimum = 0;
    spec.maximum = 9'007'199'254'740'992.0; // 2^53: every whole number below is exact
    return spec;
}

} // namespace

HandOverForm::HandOverForm(QWidget* parent)
    : QWidget(parent)
    , m_chunk(new QSpinBox(this))
    , m_seed(new NumberBox(seedSpec(), this))
    , m_newSeed(new QToolButton(this))
    , m_attempts(new QSpinBox(this))
    , m_costs(new QComboBox(this))
    , m_costsText(new QLabel(this))
    , m_memoryCap(new QLineEdit(this))
{
    createFields();
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(6);
    grid->setColumnStretch(0, 1);
    addRow(*grid, tr("&Chunk size (tasks)"), m_chunk);
    addRow(*grid, tr("S&eed"), m_seed);
    grid->addWidget(m_newSeed, 1, 1);
    addRow(*grid, tr("&Attempts at most"), m_attempts);
    addRow(*grid, tr("&Measure costs"), m_costs);
    grid->addWidget(m_costsText, grid->rowCount(), 0, 1, 3);
    addRow(*grid, tr("Memory ca&p"), m_memoryCap);
    setTabOrder(m_chunk, m_newSeed);
    setTabOrder(m_newSeed, m_seed);
    setTabOrder(m_seed, m_attempts);
    setTabOrder(m_attempts, m_costs);
    setTabOrder(m_costs, m_memoryCap);

    connect(m_chunk, &QSpinBox::valueChanged, this, &HandOverForm::changed);
    connect(m_seed, &NumberBox::valueChanged, this, &HandOverForm::changed);
    connect(m_attempts, &QSpinBox::valueChanged, this, &HandOverForm::changed);
    connect(m_costs, &QComboBox::currentIndexChanged, this, &HandOverForm::explainCosts);
    connect(m_costs, &QComboBox::currentIndexChanged, this, &HandOverForm::changed);
    connect(m_memoryCap, &QLineEdit::textChanged, this, &HandOverForm::changed);
    connect(m_newSeed, &QToolButton::clicked, this, &HandOverForm::useNewSeed);
}

void HandOverForm::createFields()
{
    m_chunk->setRange(1, maxChunk());
    m_chunk->setAccelerated(true);
    m_chunk->setAccessibleName(tr("Chunk size"));
    m_chunk->setToolTip(tr("How many tasks are handed to a worker at once. Large chunks cost less "
                           "for each task, small ones share the work out more evenly."));
    m_seed->setAccessibleName(tr("Seed"));
    m_seed->setToolTip(tr("The same seed gives the same tasks"));
    m_newSeed->setFocusPolicy(Qt::StrongFocus);
    m_newSeed->setAccessibleName(tr("New seed"));
    m_newSeed->setToolTip(tr("Draw a new seed"));
    m_attempts->setRange(1, kMostAttempts);
    m_attempts->setAccessibleName(tr("Attempts"));
    m_attempts->setToolTip(
        tr("How often a task is begun in all when the worker that runs it dies"));
    m_costs->addItem(tr("Off"), static_cast<int>(CostLevel::Wall));
    m_costs->addItem(tr("Totals"), static_cast<int>(CostLevel::Totals));
    m_costs->setAccessibleName(tr("Measure costs"));
    m_costs->setToolTip(tr("What is measured of each task beside its begin and its end"));
    m_memoryCap->setText(QString::fromStdString(toText(MemoryCap{})));
    m_memoryCap->setAccessibleName(tr("Memory cap of the trace"));
    m_memoryCap->setToolTip(tr(
        "How much memory what is recorded may take: 512M, 2G, 25% of what this program may use, or "
        "off. Beyond it the oldest tasks lose their detail; their sums and summaries stay."));
    m_costsText->setObjectName(QStringLiteral("dimLabel"));
    m_costsText->setWordWrap(true);
    explainCosts();
}

void HandOverForm::addRow(QGridLayout& grid, const QString& text, QWidget* editor)
{
    auto* label = new QLabel(text, this);
    label->setBuddy(editor);
    label->setToolTip(editor->toolTip());
    editor->setFixedWidth(kFieldWidth);
    const int row = grid.count() == 0 ? 0 : grid.rowCount();
    grid.addWidget(label, row, 0);
    grid.addWidget(editor, row, 2);
}

void HandOverForm::fill(RunSettings& settings) const
{
    settings.chunk = m_chunk->value();
    settings.maxAttempts = m_attempts->value();
    settings.costLevel = costLevel();
    if (const auto cap = parseMemoryCap(m_memoryCap->text().trimmed().toStdString())) {
        settings.memoryCap = cap.value();
    }
    if (const auto seed = m_seed->parsed()) {
        settings.seed = static_cast<std::uint64_t>(std::get<std::int64_t>(seed.value()));
    }
}

void HandOverForm::showSettings(const RunSettings& settings)
{
    m_chunk->setValue(settings.chunk);
    m_seed->setValue(ParamValue{static_cast<std::int64_t>(settings.seed)});
    m_attempts->setValue(settings.maxAttempts);
    m_costs->setCurrentIndex(m_costs->findData(static_cast<int>(settings.costLevel)));
    m_memoryCap->setText(QString::fromStdString(toText(settings.memoryCap)));
}

CostLevel HandOverForm::costLevel() const
{
    return static_cast<CostLevel>(m_costs->currentData().toInt());
}

void HandOverForm::explainCosts()
{
    m_costsText->setText(
        costLevel() == CostLevel::Wall
            ? tr("Only when each task began and ended.")
            : tr("Also its time on a processor, waiting for one, and blocked; switches, page "
                 "faults and a worker's memory. Takes about 1 µs of each task."));
}

QString HandOverForm::problem() const
{
    if (const auto seed = m_seed->parsed(); !seed) {
        return QString::fromStdString(seed.error().message);
    }
    const QString text = m_memoryCap->text().trimmed();
    const auto cap = parseMemoryCap(text.toStdString());
    return cap ? QString()
               : tr("Memory cap “%1”: %2.").arg(text, QString::fromStdString(cap.error().message));
}

void HandOverForm::setTheme(const Theme& theme)
{
    m_newSeed->setIcon(lineIcon(QStringLiteral("dice"), theme));
}

void HandOverForm::useNewSeed()
{
    const std::int64_t seed = QRandomGenerator::global()->bounded(kSeedEnd);
    m_seed->setValue(ParamValue{seed});
}

} // namespace poolscope
