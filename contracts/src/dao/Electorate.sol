// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ICharter} from "../interfaces/ICharter.sol";
import {IRuledDao} from "../interfaces/IRuledDao.sol";
import {IScores} from "../interfaces/IScores.sol";
import {Agents, Rules, Transform} from "./Rules.sol";

/// Who weighs what in a DAO with rules.
///
/// A weight may be asked for twice, because minds change: then it is the same or refused. So all that makes it up is of the
/// snapshot: the tokens, the supply, and the Auto ID in the account's seat, which is another one only with a later seat.
/// Whether the id is live and its score is high enough may change; that says yes or no, and never how much.
///
/// Invariants, and the test that holds each:
/// - the tally is everyone's last vote, once, at the weight of the snapshot's rules: `invariant_the_tally_is_everyones_last_vote_once_at_the_weight_of_the_snapshots_rules`
/// - rules never put a quorum out of reach: `testFuzz_a_crowd_with_the_quorums_tokens_always_makes_the_quorum`
/// - rules hold for snapshots from when they were set: `test_new_rules_hold_for_later_snapshots_only`
abstract contract Electorate is ICharter {
    /// Decimals are the token's when the rules were set.
    struct Page {
        uint48 since;
        uint8 decimals;
        Rules rules;
    }

    uint8 private constant ORGANISATION = 2;
    uint8 private constant AGENT = 3;
    uint256 private constant WHOLE = 10_000;

    IScores internal immutable AUTO_IDS;

    mapping(address dao => Page[]) private _pages;

    constructor(address registry) {
        AUTO_IDS = IScores(registry);
    }

    /// @notice The registry whose Auto IDs and scores these rules are about.
    function autoIds() external view returns (address) {
        return address(AUTO_IDS);
    }

    /// @inheritdoc ICharter
    function rulesAt(address dao, uint256 timepoint) external view returns (Rules memory) {
        return _pageAt(dao, timepoint).rules;
    }

    /// @inheritdoc ICharter
    function getPastVotes(address account, uint256 timepoint) external view returns (uint256) {
        return weightOf(msg.sender, account, timepoint);
    }

    /// @inheritdoc ICharter
    function weightOf(address dao, address account, uint256 timepoint) public view returns (uint256) {
        Page memory page = _pageAt(dao, timepoint);
        IVotes token = IVotes(IRuledDao(dao).token());
        uint256 votes = Math.min(token.getPastVotes(account, timepoint), type(uint96).max);
        Rules memory r = page.rules;
        if (r.isPlain()) return votes;
        uint256 id = _idAt(dao, account, timepoint);
        if (r.minScore != 0) _checkScore(r, id, timepoint);
        if (r.agents != Agents.Equal && AUTO_IDS.kindOf(id) == AGENT) {
            if (r.agents == Agents.Forbidden) revert AgentsForbidden();
            if (r.agents == Agents.Advisory) return 0;
            votes = Math.min(votes, (_supplyAt(token, timepoint) * r.agentShare) / WHOLE);
        }
        return _transform(page, token, timepoint, votes);
    }

    /// @inheritdoc ICharter
    function transformed(address dao, uint256 timepoint, uint256 votes) external view returns (uint256) {
        return _transform(_pageAt(dao, timepoint), IVotes(IRuledDao(dao).token()), timepoint, votes);
    }

    /// @inheritdoc ICharter
    function heaviest(Rules memory r, address token) external view returns (uint256) {
        uint256 supply = IERC20Metadata(token).totalSupply();
        return _weigh(r, _decimalsOf(token), supply, supply);
    }

    /// @inheritdoc ICharter
    function validate(Rules memory r) public view {
        bool isCapped = r.transform == Transform.Capped;
        if ((r.cap != 0 && r.capShare != 0) || (r.cap != 0 || r.capShare != 0) != isCapped) revert BadCap();
        if (r.capShare > WHOLE) revert BadCap();
        if ((r.agentShare != 0) != (r.agents == Agents.Capped) || r.agentShare > WHOLE) revert BadAgentShare();
        if (r.minScore > 100 || (r.minScore != 0) != (r.attestor != 0)) revert BadScore();
        if (r.attestor == 0) {
            if (r.scoreDays != 0 || r.topic != 0) revert BadScore();
        } else if (AUTO_IDS.kindOf(r.attestor) != ORGANISATION || !AUTO_IDS.isLive(r.attestor)) {
            revert NotAnAttestor();
        }
    }

    function _turn(address dao, Rules memory r) internal {
        if (!IRuledDao(dao).ruled()) revert NotRuled();
        validate(r);
        Page[] storage pages = _pages[dao];
        uint256 n = pages.length;
        Page memory page = Page(uint48(block.timestamp), _decimalsOf(IRuledDao(dao).token()), r);
        if (n != 0 && pages[n - 1].since == block.timestamp) pages[n - 1] = page;
        else pages.push(page);
        emit RulesSet(dao, r);
    }

    /// Nothing was laid down before the first page: a blank one is plain.
    function _pageAt(address dao, uint256 timepoint) private view returns (Page memory page) {
        Page[] storage pages = _pages[dao];
        for (uint256 n = pages.length; n != 0; --n) {
            if (pages[n - 1].since <= timepoint) return pages[n - 1];
        }
    }

    /// The Auto ID that spoke for the account at the snapshot, and still does.
    function _idAt(address dao, address account, uint256 timepoint) private view returns (uint256 id) {
        (uint32 seat, uint48 since) = IRuledDao(dao).seatOf(account);
        if (seat == 0 || since > timepoint) revert NoSeat();
        (, , id) = IRuledDao(dao).seatInfo(seat);
        if (!AUTO_IDS.isController(id, account)) revert NotLive();
    }

    function _checkScore(Rules memory r, uint256 id, uint256 timepoint) private view {
        (uint8 score, uint48 at) = AUTO_IDS.scoreOf(id, r.attestor, r.topic);
        if (r.scoreDays != 0 && at + uint256(r.scoreDays) * 1 days < timepoint) score = 0;
        if (score < r.minScore) revert ScoreTooLow(score);
    }

    function _transform(Page memory page, IVotes token, uint256 timepoint, uint256 votes) private view returns (uint256) {
        uint256 supply = page.rules.capShare == 0 ? 0 : _supplyAt(token, timepoint);
        return _weigh(page.rules, page.decimals, supply, votes);
    }

    /// @param supply only asked for where a cap is a share of it
    function _weigh(Rules memory r, uint256 decimals, uint256 supply, uint256 votes) private pure returns (uint256) {
        if (r.transform == Transform.Linear) return votes;
        if (r.transform == Transform.SquareRoot) return Math.sqrt(votes * 10 ** decimals);
        return Math.min(votes, r.cap == 0 ? (supply * r.capShare) / WHOLE : r.cap);
    }

    function _supplyAt(IVotes token, uint256 timepoint) private view returns (uint256) {
        return Math.min(token.getPastTotalSupply(timepoint), type(uint96).max);
    }

    /// As many as a square root can bear; a token that does not say has none.
    function _decimalsOf(address token) private view returns (uint8) {
        try IERC20Metadata(token).decimals() returns (uint8 decimals) {
            return decimals > 18 ? 18 : decimals;
        } catch {
            return 0;
        }
    }
}
