// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {GovernorUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/GovernorUpgradeable.sol";
import {GovernorVotesUpgradeable} from "@openzeppelin/contracts-upgradeable/governance/extensions/GovernorVotesUpgradeable.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {BallotCounter} from "../ballots/BallotCounter.sol";
import {Batch, BATCH_ACCOUNT, BATCH_AUTO_ID, BATCH_CALL, BATCH_SEAT, BATCH_SNAPSHOT} from "../ballots/Batch.sol";
import {Seats} from "../ballots/Seats.sol";
import {ICharter} from "../interfaces/ICharter.sol";
import {ISeats} from "../interfaces/ISeats.sol";

/// Counting module of OpenZeppelin's Governor: batches of relayed ballots beside `castVote` and `castVoteBySig`.
///
/// A seat counts for a proposal when it was taken not after the snapshot; everybody else votes by the Governor's own
/// functions. Both ways meet in the status byte of the account's seat, which never changes its number, so nobody votes
/// both ways.
abstract contract GovernorBallots is GovernorUpgradeable, GovernorVotesUpgradeable, BallotCounter, Seats {
    bytes32 private constant AGAINST = keccak256("Against");
    bytes32 private constant FOR = keccak256("For");
    bytes32 private constant ABSTAIN = keccak256("Abstain");

    /// The last sequence of a ballot; the one above marks a seat closed by a vote of the wallet itself.
    uint256 private constant LAST_SEQUENCE = 14;
    uint256 private constant CLOSED = 15 << 4;

    /// Beyond this a weight is counted as this, so that neither records nor tallies can overflow.
    uint256 internal constant MAX_WEIGHT = type(uint96).max;

    /// Where the weights of a DAO with rules come from. It takes the same question as a token.
    ICharter internal immutable CHARTER;

    /// A vote that was counted before is taken back, because the voter changed their mind.
    event VoteReduced(address indexed voter, uint256 proposalId, uint8 support, uint256 weight);

    /// The token does not say what weighed how much at that time; mostly because it is not past.
    error VotesUnknown(uint256 timepoint);

    /// By seat: account, since << 160, autoId << 208. A list without a length, because its places need no hashing.
    uint256[1 << 32] private _sittings;
    mapping(uint256 proposalId => bytes32) private _titles;
    mapping(uint256 proposalId => uint256) private _decided; // against << 128, for
    mapping(uint256 proposalId => uint256) private _abstained;
    mapping(uint256 proposalId => mapping(address => bool)) private _unseated;

    bool public changeOfMind;
    /// Whether a vote weighs what the charter says, and no longer simply the tokens.
    bool public ruled;

    constructor(address charter_) {
        CHARTER = ICharter(charter_);
    }

    function charter() external view returns (address) {
        return address(CHARTER);
    }

    // solhint-disable-next-line func-name-mixedcase
    function COUNTING_MODE() public pure virtual override returns (string memory) {
        return "support=bravo&quorum=for,abstain";
    }

    /// keccak256 of the title that ballots for this proposal carry in words.
    function titleHash(uint256 proposalId) external view returns (bytes32) {
        return _titles[proposalId];
    }

    function hasVoted(uint256 proposalId, address account) public view virtual override returns (bool) {
        uint256 seat = _seatOf[account];
        return _unseated[proposalId][account] || (seat != 0 && markOf(proposalId, seat) != 0);
    }

    function proposalVotes(
        uint256 proposalId
    ) external view returns (uint256 againstVotes, uint256 forVotes, uint256 abstainVotes) {
        uint256 decided = _decided[proposalId];
        return (decided >> 128, uint128(decided), _abstained[proposalId]);
    }

    /// @inheritdoc ISeats
    function seatOf(address account) external view returns (uint32 seat, uint48 since) {
        seat = _seatOf[account];
        since = uint48(_sittings[seat] >> 160);
    }

    /// @inheritdoc ISeats
    function seatInfo(uint32 seat) external view returns (address account, uint48 since, uint48 autoId) {
        uint256 s = _sittings[seat];
        return (address(uint160(s)), uint48(s >> 160), uint48(s >> 208));
    }

    /// Tokens of a DAO of this framework count in seconds, which the factory has checked.
    function clock() public view virtual override(GovernorUpgradeable, GovernorVotesUpgradeable) returns (uint48) {
        return uint48(block.timestamp);
    }

    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE()
        public
        view
        virtual
        override(GovernorUpgradeable, GovernorVotesUpgradeable)
        returns (string memory)
    {
        return "mode=timestamp";
    }

    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal virtual override returns (uint256 proposalId) {
        proposalId = super._propose(targets, values, calldatas, description, proposer);
        _titles[proposalId] = CHARTER.titleFor(proposer, description);
    }

    function _getVotes(
        address account,
        uint256 timepoint,
        bytes memory
    ) internal view virtual override(GovernorUpgradeable, GovernorVotesUpgradeable) returns (uint256 weight) {
        bytes memory question = abi.encodeCall(IVotes.getPastVotes, (account, timepoint));
        uint256 at;
        assembly ("memory-safe") {
            at := add(question, 0x20)
        }
        bool ok;
        (ok, weight) = _ask(_scales(), at);
        if (ok) return weight;
        // Why somebody may not vote is for them to know.
        assembly ("memory-safe") {
            if returndatasize() {
                let free := mload(0x40)
                returndatacopy(free, 0, returndatasize())
                revert(free, returndatasize())
            }
        }
        revert VotesUnknown(timepoint);
    }

    function _quorumReached(uint256 proposalId) internal view virtual override returns (bool) {
        unchecked {
            return quorum(proposalSnapshot(proposalId)) <= uint128(_decided[proposalId]) + _abstained[proposalId];
        }
    }

    function _voteSucceeded(uint256 proposalId) internal view virtual override returns (bool) {
        uint256 decided = _decided[proposalId];
        return uint128(decided) > decided >> 128;
    }

    /// A vote of the wallet itself is final. It takes an earlier ballot back where minds may be changed.
    function _countVote(
        uint256 proposalId,
        address account,
        uint8 support,
        uint256 weight,
        bytes memory
    ) internal virtual override returns (uint256) {
        if (support > 2) revert GovernorInvalidVoteType();
        if (_unseated[proposalId][account]) revert GovernorAlreadyCastVote(account);
        uint256 seat = _seatOf[account];
        if (seat == 0) {
            _unseated[proposalId][account] = true;
        } else {
            uint256 old = markOf(proposalId, seat);
            if (old != 0) {
                if (!changeOfMind || old >= CLOSED) revert GovernorAlreadyCastVote(account);
                _reduce(proposalId, account, old, weight);
                unchecked {
                    _add(proposalId, (old & 15) - 1, 0 - weight);
                }
            }
            _setMark(proposalId, seat, CLOSED | (uint256(support) + 1));
        }
        _add(proposalId, support, weight);
        return weight;
    }

    function _open(Batch memory b) internal view virtual override {
        _validateStateBitmap(b.proposalId, _encodeStateBitmap(ProposalState.Active));
        b.domain = _domainSeparatorV4();
        b.proposal = _titles[b.proposalId];
        b.snapshot = proposalSnapshot(b.proposalId);
        b.lastSequence = LAST_SEQUENCE;
        b.isFinal = !changeOfMind;
        b.source = _scales();
        b.question = uint32(IVotes.getPastVotes.selector);
        (b.words[1], b.words[2], b.words[3]) = (AGAINST, FOR, ABSTAIN);
    }

    function _voter(Batch memory b) internal view virtual override returns (uint256 why) {
        assembly ("memory-safe") {
            let sitting := sload(add(_sittings.slot, mload(add(b, BATCH_SEAT))))
            let account := shr(96, shl(96, sitting))
            let since := and(shr(160, sitting), 0xffffffffffff)
            mstore(add(b, BATCH_ACCOUNT), account)
            mstore(add(b, BATCH_AUTO_ID), shr(208, sitting))
            why := mul(NO_SEAT, or(iszero(account), gt(since, mload(add(b, BATCH_SNAPSHOT)))))
        }
        if (why != 0 || _isLive(b)) return why;
        return NOT_LIVE;
    }

    /// A token that fails for an account gives it no weight, rather than harm the others of the batch.
    function _weigh(Batch memory b) internal view virtual override returns (uint256 weight) {
        uint256 at;
        assembly ("memory-safe") {
            // Selector, account and snapshot lie side by side in the batch.
            at := add(b, BATCH_CALL)
        }
        (, weight) = _ask(b.source, at);
    }

    function _scales() internal view returns (address) {
        return ruled ? address(CHARTER) : address(token());
    }

    /// @param at where in memory the call of two arguments is
    function _ask(address source, uint256 at) private view returns (bool ok, uint256 votes) {
        assembly ("memory-safe") {
            ok := staticcall(gas(), source, at, 0x44, 0, 0x20)
            ok := and(ok, gt(returndatasize(), 0x1f))
            votes := mul(ok, mload(0))
        }
        if (votes > MAX_WEIGHT) votes = MAX_WEIGHT;
    }

    function _book(Batch memory b) internal virtual override {
        uint256[16] memory d = b.tally;
        unchecked {
            _decided[b.proposalId] += (d[1] << 128) + d[2];
            if (d[3] != 0) _abstained[b.proposalId] += d[3];
        }
        _tallyUpdated(b.proposalId);
    }

    /// Nothing is taken back that was not given, and 2^32 weights of 96 bits fit in 128: differences in two's complement
    /// may be added to both halves of a word at once.
    function _add(uint256 proposalId, uint256 support, uint256 difference) private {
        unchecked {
            if (support == 2) _abstained[proposalId] += difference;
            else _decided[proposalId] += support == 0 ? difference << 128 : difference;
        }
    }

    function _reduce(uint256 proposalId, address account, uint256 old, uint256 weight) private {
        unchecked {
            emit VoteReduced(account, proposalId, uint8((old & 15) - 1), weight);
        }
    }

    function _announce(Batch memory b, uint256 old, uint256 weight) internal virtual override {
        uint256 voter = uint160(b.account);
        uint256 proposalId = b.proposalId;
        if (old != 0) _reduce(proposalId, b.account, old, weight);
        uint256 support = (b.mark & 15) - 1;
        bytes32 topic = VoteCast.selector;
        // As `emit VoteCast(voter, proposalId, support, weight, "")`, for less.
        assembly ("memory-safe") {
            let p := mload(0x40)
            mstore(p, proposalId)
            mstore(add(p, 0x20), support)
            mstore(add(p, 0x40), weight)
            mstore(add(p, 0x60), 0x80)
            mstore(add(p, 0x80), 0)
            log2(p, 0xa0, topic, voter)
        }
    }

    function _seat(uint32 seat, address account, uint256 autoId, bool) internal virtual override {
        _sittings[seat] = (autoId << 208) | (block.timestamp << 160) | uint160(account);
    }

    function _vacate(uint32 seat) internal virtual override {
        _sittings[seat] &= (1 << 208) - 1;
    }

    function _autoIdIn(uint32 seat) internal view virtual override returns (uint256) {
        return _sittings[seat] >> 208;
    }
}
