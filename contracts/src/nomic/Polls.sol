// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {BallotCounter} from "../ballots/BallotCounter.sol";
import {Batch} from "../ballots/Batch.sol";
import {LiveIds} from "../ballots/LiveIds.sol";
import {ISeats} from "../interfaces/ISeats.sol";
import {IVoiceBook} from "../interfaces/IVoiceBook.sol";
import {HashList} from "../lib/HashList.sol";

/// Polls of the Nomic DAO: one choice of up to 15, weighed by NOMIC at the opening, minds may be changed until the close.
contract Polls is BallotCounter, EIP712 {
    /// The first three tallies fill up the two slots that a poll needs anyway.
    struct Poll {
        address words;
        uint96 first;
        uint96 second;
        uint96 third;
        uint32 opens;
        uint32 closes;
        uint96[12] others;
    }

    /// Votes that changed after the opening: those at the opening are to be asked for.
    uint256 private constant UNKNOWN = type(uint256).max;
    uint256 public constant MAX_OPTIONS = 15;
    uint256 public constant MAX_TITLE = 200;
    uint256 public constant MAX_LABEL = 100;
    uint256 public constant MAX_BODY = 20_000;
    uint48 public constant MIN_TIME = 1 hours;
    uint48 public constant MAX_TIME = 30 days;

    address public immutable NOMIC;
    /// Votes that it takes to open a poll.
    uint256 public immutable THRESHOLD;

    event PollOpened(
        uint256 indexed poll,
        address indexed author,
        string title,
        string body,
        string[] options,
        uint48 opens,
        uint48 closes
    );

    error UnknownPoll();
    error PollNotOpen();
    error TooFewVotes();
    error BadTitle();
    error BadBody();
    error BadOptions();
    error BadTimes();

    uint256 public polls;
    mapping(uint256 poll => Poll) private _polls;

    constructor(address nomic, uint256 threshold) EIP712("Nomic Polls", "1") LiveIds(LiveIds(nomic).autoIds()) {
        NOMIC = nomic;
        THRESHOLD = threshold;
    }

    /// @param opens also the time whose votes count; now at the earliest
    function open(
        string calldata title,
        string calldata body,
        string[] calldata options,
        uint48 opens,
        uint48 closes
    ) external returns (uint256 poll) {
        if (IVotes(NOMIC).getPastVotes(msg.sender, block.timestamp - 1) < THRESHOLD) revert TooFewVotes();
        if (opens < block.timestamp || opens > block.timestamp + MAX_TIME) revert BadTimes();
        if (closes < opens + MIN_TIME || closes > opens + MAX_TIME || closes > type(uint32).max) revert BadTimes();
        if (bytes(body).length > MAX_BODY) revert BadBody();
        poll = ++polls;
        Poll storage p = _polls[poll];
        p.opens = uint32(opens);
        p.closes = uint32(closes);
        p.words = HashList.write(_hashes(title, options));
        emit PollOpened(poll, msg.sender, title, body, options, opens, closes);
    }

    /// @return votes by option, from 0
    /// @return participating all votes counted
    /// @return supply all NOMIC at the opening, 0 before it
    /// @return leader the number of the choice with the most votes, from 1; 0 when there is none or a tie
    function tally(
        uint256 poll
    ) external view returns (uint256[] memory votes, uint256 participating, uint256 supply, uint256 leader) {
        Poll storage p = _known(poll);
        votes = new uint256[](HashList.length(p.words) - 1);
        uint256 best;
        for (uint256 i; i < votes.length; ++i) {
            votes[i] = _votes(p, i + 1);
            participating += votes[i];
            if (votes[i] > best) (best, leader) = (votes[i], i + 1);
            else if (votes[i] == best) leader = 0;
        }
        if (p.opens < block.timestamp) supply = IVotes(NOMIC).getPastTotalSupply(p.opens);
    }

    function times(uint256 poll) external view returns (uint48 opens, uint48 closes) {
        Poll storage p = _known(poll);
        return (p.opens, p.closes);
    }

    /// keccak256 of the title and the options that ballots carry in words.
    function words(uint256 poll) external view returns (bytes32 title, bytes32[] memory options) {
        Poll storage p = _known(poll);
        bytes32[16] memory list;
        HashList.copy(p.words, list);
        title = list[0];
        options = new bytes32[](HashList.length(p.words) - 1);
        for (uint256 i; i < options.length; ++i) options[i] = list[i + 1];
    }

    /// Seats are those of the voice book.
    function seatOf(address account) external view returns (uint32 seat, uint48 since) {
        return ISeats(NOMIC).seatOf(account);
    }

    function seatInfo(uint32 seat) external view returns (address account, uint48 since, uint48 autoId) {
        return ISeats(NOMIC).seatInfo(seat);
    }

    function seats() external view returns (uint32) {
        return ISeats(NOMIC).seats();
    }

    function enrol(uint256[] calldata ids) external returns (uint256) {
        return ISeats(NOMIC).enrol(ids);
    }

    function _open(Batch memory b) internal view override {
        Poll storage p = _known(b.proposalId);
        (uint256 opens, uint256 closes) = (p.opens, p.closes);
        // Votes at the opening are settled only after it.
        if (block.timestamp <= opens || block.timestamp > closes) revert PollNotOpen();
        b.domain = _domainSeparatorV4();
        b.snapshot = opens;
        b.lastSequence = 15;
        HashList.copy(p.words, b.words);
        // The title is where choice 0 would be.
        (b.proposal, b.words[0]) = (b.words[0], 0);
    }

    /// All entries of the batch in one call, whose answer is kept as it comes: two words a ballot.
    function _lookUp(Batch memory b) internal view override {
        address nomic = NOMIC;
        bytes4 selector = IVoiceBook.entries.selector;
        (uint256 at, uint256 end) = (b.next, b.end);
        uint256 alone = b.seat;
        assembly ("memory-safe") {
            let call_ := mload(0x40)
            mstore(call_, selector)
            mstore(add(call_, 0x04), 0x20)
            let p := add(call_, 0x44)
            for {} lt(at, end) {} {
                let seat := shr(224, calldataload(at))
                mstore(p, and(seat, 0x7fffffff))
                p := add(p, 0x20)
                at := add(at, add(69, shl(5, shr(31, seat))))
            }
            if alone {
                mstore(p, alone)
                p := add(p, 0x20)
            }
            mstore(add(call_, 0x24), shr(5, sub(p, add(call_, 0x44))))
            if iszero(staticcall(gas(), nomic, call_, sub(p, call_), 0, 0)) {
                revert(0, 0)
            }
            // Behind two words, where the list is and how long, there are two for each ballot.
            returndatacopy(call_, 0, returndatasize())
            mstore(0x40, add(call_, returndatasize()))
            mstore(add(b, 0x420), add(call_, shl(6, gt(alone, 0))))
        }
    }

    /// A seat taken late counts too, because there is no second way to vote; not so when its Auto ID spoke from another
    /// seat at the opening, or it could speak twice.
    function _voter(Batch memory b) internal view override returns (uint256) {
        uint256 side;
        uint256 isPlain;
        assembly ("memory-safe") {
            let voice := mload(mload(add(b, 0x420)))
            side := mload(add(mload(add(b, 0x420)), 0x20))
            let account := shr(96, voice)
            let votes := shr(160, shl(160, voice))
            mstore(add(b, 0x1e0), account)
            mstore(add(b, 0x440), and(side, 0x7fffffff))
            mstore(add(b, 0x480), votes)
            // Without the bit for moved Auto IDs, the upper half is the time of the last change.
            isPlain := and(and(gt(account, 0), gt(votes, 0)), iszero(gt(shr(31, side), mload(add(b, 0x200)))))
        }
        if (isPlain == 0) {
            uint256 why = _look(b, side);
            if (why != 0) return why;
        }
        if (_isLive(b)) return 0;
        return NOT_LIVE;
    }

    function _look(Batch memory b, uint256 side) private view returns (uint256 why) {
        if (b.account == address(0)) return NO_SEAT;
        if (side >> 63 != 0 && IVoiceBook(NOMIC).movedAt(b.seat) > b.snapshot) return NO_SEAT;
        if (uint32(side >> 31) > b.snapshot) b.votes = UNKNOWN;
        else if (b.votes == 0) return _isLive(b) ? NO_WEIGHT : NOT_LIVE;
    }

    function _weigh(Batch memory b) internal view override returns (uint256 votes) {
        votes = b.votes;
        if (votes == UNKNOWN) votes = IVotes(NOMIC).getPastVotes(b.account, b.snapshot);
    }

    function _book(Batch memory b) internal override {
        Poll storage p = _polls[b.proposalId];
        unchecked {
            // Votes of one moment are at most the supply, which has 96 bits.
            for (uint256 choice = 1; choice <= MAX_OPTIONS; ++choice) {
                uint256 difference = b.tally[choice];
                if (difference != 0) _setVotes(p, choice, uint96(_votes(p, choice) + difference));
            }
        }
    }

    function _votes(Poll storage p, uint256 choice) private view returns (uint256) {
        if (choice == 1) return p.first;
        if (choice == 2) return p.second;
        if (choice == 3) return p.third;
        return p.others[choice - 4];
    }

    function _setVotes(Poll storage p, uint256 choice, uint96 votes) private {
        if (choice == 1) p.first = votes;
        else if (choice == 2) p.second = votes;
        else if (choice == 3) p.third = votes;
        else p.others[choice - 4] = votes;
    }

    function _known(uint256 poll) private view returns (Poll storage p) {
        p = _polls[poll];
        if (p.opens == 0) revert UnknownPoll();
    }

    function _hashes(string calldata title, string[] calldata options) private pure returns (bytes32[] memory list) {
        if (bytes(title).length == 0 || bytes(title).length > MAX_TITLE) revert BadTitle();
        if (options.length < 2 || options.length > MAX_OPTIONS) revert BadOptions();
        list = new bytes32[](options.length + 1);
        list[0] = keccak256(bytes(title));
        for (uint256 i; i < options.length; ++i) {
            if (bytes(options[i]).length == 0 || bytes(options[i]).length > MAX_LABEL) revert BadOptions();
            bytes32 hash = keccak256(bytes(options[i]));
            for (uint256 j = 1; j <= i; ++j) {
                if (list[j] == hash) revert BadOptions();
            }
            list[i + 1] = hash;
        }
    }
}
