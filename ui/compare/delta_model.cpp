// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/delta_model.h"

#include "ui/common/delta_text.h"

#include <QFont>
#include <QStringList>

#include <algorithm>
#include <utility>

namespace poolscope {

namespace {

constexpr int kFirstValue = 1;
constexpr int kFirstOther = 2;
constexpr int kColumnsPerSide = 3; ///< value, difference, noise

std::size_t sideOf(int column)
{
    return static_cast<std::size_t>((column - kFirstOther) / kColumnsPerSide + 1);
}

int partOf(int column)
{
    return (column - kFirstOther) % kColumnsPerSide;
}

} // namespace

DeltaModel::DeltaModel(QObject* parent)
    : QAbstractTableModel(parent)
    , m_theme(Theme::light())
{}

void DeltaModel::setComparison(std::shared_ptr<const RunComparison> comparison)
{
    beginResetModel();
    m_comparison = std::move(comparison);
    m_rows.clear();
    const auto executors = static_cast<int>(m_comparison ? m_comparison->curves.size() : 0);
    for (int executor = 0; executor < executors; ++executor) {
        m_rows.push_back({executor, -1});
        for (int figure = 0; figure < kDeltaFigureCount; ++figure) {
            const Row row{executor, figure};
            bool isThere = false;
            for (std::size_t side = 1; side < m_comparison->sides.size(); ++side) {
                const FigureDelta* delta = find(row, side);
                isThere =
                    isThere || (delta != nullptr && (delta->first != 0 || delta->second != 0));
            }
            if (isThere) { // nobody asks for failures and pauses that never were
                m_rows.push_back(row);
            }
        }
    }
    endResetModel();
}

void DeltaModel::setTheme(const Theme& theme)
{
    m_theme = theme;
    if (!m_rows.empty()) {
        emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    }
}

bool DeltaModel::isHeading(int row) const
{
    return m_rows[static_cast<std::size_t>(row)].figure < 0;
}

const FigureDelta* DeltaModel::find(const Row& row, std::size_t side) const
{
    const ExecutorDelta* executor = m_comparison->find(side, row.executor);
    if (executor == nullptr) {
        return nullptr;
    }
    const auto found = std::find_if(
        executor->figures.begin(), executor->figures.end(),
        [&row](const FigureDelta& delta) { return static_cast<int>(delta.figure) == row.figure; });
    return found == executor->figures.end() ? nullptr : &*found;
}

int DeltaModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int DeltaModel::columnCount(const QModelIndex& parent) const
{
    if (parent.isValid() || !m_comparison) {
        return 0;
    }
    return kFirstOther + kColumnsPerSide * (static_cast<int>(m_comparison->sides.size()) - 1);
}

/// "threads, 2 workers", or with what it is compared with when that is another.
QString DeltaModel::headingText(int executor) const
{
    const auto text = [](const ExecutorMeta& meta) {
        return QStringLiteral("%1 %2").arg(QString::fromStdString(meta.kind)).arg(meta.workers);
    };
    QStringList texts{text(m_comparison->executor(0, executor))};
    for (std::size_t side = 1; side < m_comparison->sides.size(); ++side) {
        const ExecutorDelta* delta = m_comparison->find(side, executor);
        texts << (delta != nullptr ? text(m_comparison->executor(side, delta->second))
                                   : tr("none"));
    }
    const bool isSame = std::all_of(texts.begin(), texts.end(), [&texts](const QString& each) {
        return each == texts.first();
    });
    return isSame ? texts.first() : texts.join(QStringLiteral(" → "));
}

QString DeltaModel::cellText(const Row& row, int column) const
{
    if (row.figure < 0) {
        return column == 0 ? headingText(row.executor) : QString();
    }
    const auto figure = static_cast<DeltaFigure>(row.figure);
    if (column == 0) {
        return deltaFigureName(figure);
    }
    if (column == kFirstValue) {
        for (std::size_t side = 1; side < m_comparison->sides.size(); ++side) {
            if (const FigureDelta* delta = find(row, side)) {
                return deltaValueText(figure, delta->first);
            }
        }
        return {};
    }
    const std::size_t side = sideOf(column);
    const FigureDelta* delta = find(row, side);
    if (delta == nullptr) {
        return partOf(column) == 0 ? QStringLiteral("–") : QString();
    }
    switch (partOf(column)) {
    case 0:
        return deltaValueText(figure, delta->second);
    case 1:
        return deltaDifferenceText(*delta);
    default:
        return deltaNoiseText(*delta, m_comparison->deltas[side - 1]);
    }
}

QVariant DeltaModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) {
        return {};
    }
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    const int column = index.column();
    const bool isNoise = column >= kFirstOther && partOf(column) == 2;
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return cellText(row, column);
    case Qt::TextAlignmentRole:
        return column == 0 || isNoise ? QVariant(Qt::AlignLeft | Qt::AlignVCenter)
                                      : QVariant(Qt::AlignRight | Qt::AlignVCenter);
    case Qt::FontRole: {
        QFont font;
        const FigureDelta* delta =
            row.figure >= 0 && column >= kFirstOther ? find(row, sideOf(column)) : nullptr;
        const bool isBeyond = delta != nullptr && delta->noise == DeltaNoise::Beyond;
        font.setBold(row.figure < 0 || (isBeyond && partOf(column) == 1));
        return font.bold() ? QVariant(font) : QVariant();
    }
    case Qt::ForegroundRole: {
        const FigureDelta* delta = row.figure >= 0 && isNoise ? find(row, sideOf(column)) : nullptr;
        const bool isDim = delta != nullptr && delta->noise != DeltaNoise::Beyond;
        return isDim ? QVariant(m_theme.dimText) : QVariant();
    }
    case Qt::BackgroundRole:
        return row.figure < 0 ? QVariant(m_theme.laneEven) : QVariant();
    default:
        return {};
    }
}

QVariant DeltaModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || !m_comparison) {
        return {};
    }
    const bool isNoise = section >= kFirstOther && partOf(section) == 2;
    if (role == Qt::TextAlignmentRole) {
        return section == 0 || isNoise ? QVariant(Qt::AlignLeft | Qt::AlignVCenter)
                                       : QVariant(Qt::AlignRight | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) {
        return {};
    }
    if (section == 0) {
        return tr("Figure");
    }
    if (section == kFirstValue) {
        return m_comparison->sides.front().title;
    }
    const QStringList parts{m_comparison->sides[sideOf(section)].title, tr("Difference"),
                            tr("Noise")};
    return parts.value(partOf(section));
}

} // namespace poolscope
