// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/common.h"

namespace poolscope {
namespace {

/// \return how many steps z ← z² + c, from z = 0, stay within |z| ≤ 2, at most \p most.
std::int64_t escapeTime(double cx, double cy, std::int64_t most)
{
    double x = 0;
    double y = 0;
    std::int64_t steps = 0;
    while (steps < most && x * x + y * y <= 4) {
        const double nextX = x * x - y * y + cx;
        y = 2 * x * y + cy;
        x = nextX;
        ++steps;
    }
    return steps;
}

/// \return pixel \p index of \p count as its distance from the middle, in pixels.
double fromMiddle(std::int64_t index, std::int64_t count)
{
    return static_cast<double>(2 * index + 1 - count) / 2;
}

Result<JobPlan> plan(const ParamSet& params, std::uint64_t /*seed*/)
{
    return planByCount(params, "row");
}

Result<Value> run(const TaskContext& context)
{
    constexpr std::int64_t kStepsPerLook = 300'000; // about a millisecond
    const std::int64_t rows = context.params.integer("tasks");
    const std::int64_t columns = context.params.integer("columns");
    const std::int64_t most = context.params.integer("iterations");
    const double pixel = context.params.real("width") / static_cast<double>(columns);
    const double centerX = context.params.real("center_x");
    const double cy = context.params.real("center_y") -
                      fromMiddle(static_cast<std::int64_t>(context.index), rows) * pixel;

    std::int64_t sum = 0;
    std::int64_t nextLook = kStepsPerLook;
    for (std::int64_t column = 0; column < columns; ++column) {
        sum += escapeTime(centerX + fromMiddle(column, columns) * pixel, cy, most);
        if (sum >= nextLook) {
            nextLook = sum + kStepsPerLook;
            if (context.stop.isRequested()) {
                return cancelledError();
            }
            context.progress(static_cast<double>(column) / static_cast<double>(columns));
        }
    }
    return Value{sum};
}

std::vector<ParamSpec> params()
{
    return {
        tasksParam("How many rows the picture has; each is a task.", 800, 100'000),
        {.id = "columns",
         .label = "Columns",
         .help = "How many pixels a row has.",
         .kind = ParamKind::Integer,
         .defaultValue = std::int64_t{1'200},
         .minimum = 1,
         .maximum = 100'000},
        {.id = "iterations",
         .label = "Most iterations",
         .help = "After so many steps a pixel counts as inside.",
         .kind = ParamKind::Integer,
         .defaultValue = std::int64_t{8'000},
         .minimum = 1,
         .maximum = 100'000},
        {.id = "center_x",
         .label = "Centre, real part",
         .help = "Where the picture's middle lies.",
         .kind = ParamKind::Real,
         .defaultValue = -0.75,
         .minimum = -4,
         .maximum = 4},
        {.id = "center_y",
         .label = "Centre, imaginary part",
         .help = "Where the picture's middle lies.",
         .kind = ParamKind::Real,
         .defaultValue = 0.0,
         .minimum = -4,
         .maximum = 4},
        {.id = "width",
         .label = "Width",
         .help = "How much of the plane a row spans; smaller is further in.",
         .kind = ParamKind::Real,
         .defaultValue = 3.2,
         .minimum = 1e-12,
         .maximum = 16},
    };
}

} // namespace

Workload makeMandelbrot()
{
    return {
        .id = "mandelbrot",
        .title = "Mandelbrot set",
        .summary = "Each task computes a row of the picture; rows through the set take far longer "
                   "than those beside it.",
        .params = params(),
        .plan = plan,
        .kernel = run,
    };
}

} // namespace poolscope
