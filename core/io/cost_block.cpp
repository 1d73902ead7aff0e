// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/cost_block.h"

namespace poolscope {

std::string decodeCosts(std::string_view block, std::size_t count, std::vector<TaskCost>& costs)
{
    ByteReader in(block);
    costs.clear();
    costs.reserve(count);
    while (costs.size() < count) {
        const std::optional<TaskCost> cost = readCost(in);
        if (!cost) {
            return "the cost of record " + std::to_string(costs.size()) + " is wrong";
        }
        costs.push_back(*cost);
    }
    return in.isAtEnd() ? std::string{} : "it holds more than the costs of its records";
}

} // namespace poolscope
