// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IChallenge} from "../interfaces/IChallenge.sol";

/// What many ratings say together.
///
/// Invariants, and the test that holds each:
/// - the median is what half of the weight reaches: `testFuzz_the_median_is_what_half_of_the_weight_reaches`
/// - outliers below half move nothing: `testFuzz_outliers_below_half_move_nothing`
/// - sponsors alone never outvote DAOs that agree: `testFuzz_sponsors_alone_never_outvote_daos_that_agree`
library Verdict {
    uint256 internal constant HIGHEST = 100;
    /// Of the 10,000 that all DAOs of a domain have together, and all sponsors.
    uint256 private constant QUORUM = 1000;
    uint256 private constant NEAR = 25;

    /// @return rated whether enough was said
    /// @return median the highest rating that half of the weight or more gave or surpassed: a tie goes to the author
    /// @return byPeers whether enough DAOs of the domain spoke
    function among(IChallenge.Review[] memory reviews)
        internal
        pure
        returns (bool rated, uint256 median, bool byPeers)
    {
        (uint256 peers, uint256 sponsors) = (0, 0);
        for (uint256 i; i < reviews.length; ++i) {
            if (!reviews[i].revealed) continue;
            if (reviews[i].dao != 0) peers += reviews[i].weight;
            else sponsors += reviews[i].weight;
        }
        byPeers = peers >= QUORUM;
        // Who pays may not refuse good work alone: sponsors count for at most half as much as those who know the domain.
        uint256 most = byPeers && sponsors > peers / 2 ? peers / 2 : sponsors;
        uint256[101] memory weights;
        uint256 total;
        for (uint256 i; i < reviews.length; ++i) {
            IChallenge.Review memory r = reviews[i];
            if (!r.revealed) continue;
            uint256 weight = r.dao != 0 || most == sponsors ? r.weight : (r.weight * most) / sponsors;
            weights[r.rating] += weight;
            total += weight;
        }
        rated = total >= QUORUM;
        if (rated) median = _median(weights, total);
    }

    function isNear(uint256 rating, uint256 median) internal pure returns (bool) {
        return rating + NEAR >= median && rating <= median + NEAR;
    }

    function _median(uint256[101] memory weights, uint256 total) private pure returns (uint256 rating) {
        uint256 above;
        for (rating = HIGHEST;; --rating) {
            above += weights[rating];
            if (above * 2 >= total) return rating;
        }
    }
}
