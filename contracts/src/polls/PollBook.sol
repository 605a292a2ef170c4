// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Batch} from "../ballots/Batch.sol";
import {IPaperCounter} from "../interfaces/IPaperCounter.sol";
import {IPolls} from "../interfaces/IPolls.sol";
import {PaperCounter} from "./PaperCounter.sol";
import {PollRules} from "./PollRules.sol";
import {Question, Sheet} from "./Sheet.sol";

/// Papers, the polls on them, and what was counted.
abstract contract PollBook is IPolls, PaperCounter, EIP712 {
    /// @param toWeigh the seat from which on a paper weighed at the close is not yet
    struct Paper {
        uint32 opens;
        uint32 closes;
        uint32 toWeigh;
        uint16 bits;
        bool isAtClose;
        bool isWeighed;
        uint32[] polls;
    }

    /// The first option's votes, and two a word those of the others, of all who chose (not for a single choice), and of those
    /// who abstain. Votes of one moment have 96 bits.
    struct Poll {
        address words;
        uint96 first;
        address author;
        uint32 paper;
        bool isWithdrawn;
        uint256[13] cells;
        uint32[] rankings;
        mapping(uint256 ranking => uint256) ranked;
    }

    uint256 public constant MAX_POLLS = 24;
    uint48 public constant MIN_TIME = 1 hours;
    uint48 public constant MAX_TIME = 30 days;

    uint256 private constant MOST_BITS = 256 - SEQUENCE_BITS;
    /// Marks a ranking that is in the list.
    uint256 private constant LISTED = 1 << 255;

    /// @inheritdoc IPolls
    uint256 public polls;
    /// @inheritdoc IPolls
    uint256 public papers;
    mapping(uint256 paper => Paper) internal _papers;
    mapping(uint256 poll => Poll) internal _polls;
    mapping(bytes32 times => uint256) private _paperOf;

    /// Reverts unless the account may open polls.
    function _mayOpen(address account) internal view virtual;

    /// @inheritdoc IPolls
    function open(
        PollParams[] calldata list,
        uint48 opens,
        uint48 closes,
        bool isAtClose
    ) external returns (uint256 paper, uint256 firstPoll) {
        _mayOpen(msg.sender);
        if (list.length == 0) revert NoPolls();
        if (opens < block.timestamp || opens > block.timestamp + MAX_TIME) revert BadTimes();
        if (closes < opens + MIN_TIME || closes > opens + MAX_TIME || closes > type(uint32).max) revert BadTimes();
        uint256 bits;
        for (uint256 i; i < list.length; ++i) bits += PollRules.width(uint256(list[i].kind), list[i].options.length);
        paper = _paperFor(list.length, bits, opens, closes, isAtClose);
        firstPoll = polls + 1;
        polls += list.length;
        for (uint256 i; i < list.length; ++i) _put(list[i], paper, firstPoll + i, opens, closes, isAtClose);
    }

    /// @inheritdoc IPolls
    function withdraw(uint256 poll) external {
        Poll storage p = _poll(poll);
        Paper storage paper = _papers[p.paper];
        if (msg.sender != p.author) revert NotAuthor();
        if (p.isWithdrawn || block.timestamp > paper.opens) revert PaperOpen();
        p.isWithdrawn = true;
        PollRecord memory r = PollRules.read(p.words);
        paper.bits -= uint16(PollRules.width(uint256(r.kind), r.options.length));
        // The others keep their order.
        uint32[] storage list = paper.polls;
        uint256 at;
        while (list[at] != poll) ++at;
        for (; at + 1 < list.length; ++at) list[at] = list[at + 1];
        list.pop();
        emit PollWithdrawn(p.paper, poll);
    }

    /// @inheritdoc IPaperCounter
    function markOf(uint256 paper, uint256 seat) public view override returns (uint256) {
        (uint256 bits, uint256 perWord) = _format(_papers[paper].bits);
        return _markOf(paper, seat, bits, perWord);
    }

    function _open(Batch memory b) internal view override returns (Sheet memory s) {
        Paper storage p = _paper(b.proposalId);
        (uint256 opens, uint256 closes) = (p.opens, p.closes);
        // Votes at the opening are settled only after it.
        if (block.timestamp <= opens || block.timestamp > closes) revert PaperNotOpen();
        b.domain = _domainSeparatorV4();
        b.snapshot = opens;
        s = _sheet(p);
    }

    function _closed(Batch memory b) internal view override returns (Sheet memory s, uint256 next) {
        Paper storage p = _paper(b.proposalId);
        if (block.timestamp <= p.closes) revert NotYetClosed();
        b.snapshot = p.closes;
        if (p.isAtClose && !p.isWeighed) next = p.toWeigh;
        s = _sheet(p);
    }

    function _weighed(uint256 paper, uint256 next, bool isDone) internal override {
        (_papers[paper].toWeigh, _papers[paper].isWeighed) = (uint32(next), isDone);
    }

    function _rank(uint256 poll, uint256 ranking, uint256 difference) internal override {
        Poll storage p = _polls[poll];
        uint256 votes = p.ranked[ranking];
        if (votes == 0) {
            p.rankings.push(uint32(ranking));
            votes = LISTED;
        }
        unchecked {
            p.ranked[ranking] = votes + difference;
        }
    }

    function _book(Sheet memory s) internal override {
        unchecked {
            for (uint256 i; i < s.questions.length; ++i) {
                Question memory q = s.questions[i];
                Poll storage p = _polls[q.poll];
                uint256[] memory t = q.tally;
                bool isSingle = q.kind == SINGLE;
                if (t[1] != 0) p.first = uint96(p.first + t[1]);
                uint256 last = isSingle ? q.options + 1 : q.options + 2;
                // Those who abstain are the last cell.
                (uint256 abstained, uint256 word) = (t[isSingle ? q.mask : 0], 0);
                for (uint256 c = 2; c <= last; ++c) {
                    // Nothing is taken back that was not given, so both halves of a word may be added to at once.
                    word += (c == last ? abstained : t[c]) << ((c & 1) << 7);
                    if (c & 1 == 0 && c != last) continue;
                    if (word != 0) p.cells[(c >> 1) - 1] += word;
                    word = 0;
                }
            }
        }
    }

    /// @param cell from 1
    function _cell(Poll storage p, uint256 cell) internal view returns (uint256) {
        if (cell == 1) return p.first;
        uint256 word = p.cells[(cell >> 1) - 1];
        return cell & 1 == 0 ? uint128(word) : word >> 128;
    }

    function _votesOf(Poll storage p, uint256 ranking) internal view returns (uint256) {
        return p.ranked[ranking] & ~LISTED;
    }

    function _poll(uint256 poll) internal view returns (Poll storage p) {
        p = _polls[poll];
        if (p.words == address(0)) revert UnknownPoll();
    }

    function _paper(uint256 paper) internal view returns (Paper storage p) {
        p = _papers[paper];
        if (p.opens == 0) revert UnknownPaper();
    }

    /// Bits of a mark, the least in which there is room, and the logarithm of how many a word holds.
    function _format(uint256 bits) internal pure returns (uint256 seatBits, uint256 perWord) {
        (seatBits, perWord) = (32, 3);
        while (seatBits < bits + SEQUENCE_BITS) (seatBits, perWord) = (seatBits * 2, perWord - 1);
    }

    function _put(
        PollParams calldata params,
        uint256 paper,
        uint256 poll,
        uint48 opens,
        uint48 closes,
        bool isAtClose
    ) private {
        Poll storage p = _polls[poll];
        p.words = PollRules.write(params);
        (p.author, p.paper) = (msg.sender, uint32(paper));
        _papers[paper].polls.push(uint32(poll));
        emit PollOpened(paper, poll, msg.sender, opens, closes, isAtClose, params);
    }

    function _sheet(Paper storage p) private view returns (Sheet memory s) {
        uint256 bits = p.bits;
        (s.seatBits, s.perWord) = _format(bits);
        s.unused = ((1 << (s.seatBits - SEQUENCE_BITS)) - 1) & ~((1 << bits) - 1);
        s.isAtClose = p.isAtClose;
        s.questions = new Question[](p.polls.length);
        if (s.questions.length == 0) revert NoPolls();
        for (uint256 i; i < s.questions.length; ++i) {
            uint256 poll = p.polls[i];
            s.questions[i] = PollRules.question(poll, _polls[poll].words);
            if (s.questions[i].kind == RANKED) s.isRanked = true;
        }
    }

    function _paperFor(
        uint256 count,
        uint256 bits,
        uint48 opens,
        uint48 closes,
        bool isAtClose
    ) private returns (uint256 paper) {
        if (bits > MOST_BITS || count > MAX_POLLS) revert PaperFull();
        bytes32 times = keccak256(abi.encode(opens, closes, isAtClose));
        paper = _paperOf[times];
        Paper storage p = _papers[paper];
        if (paper == 0 || p.bits + bits > MOST_BITS || p.polls.length + count > MAX_POLLS) {
            paper = ++papers;
            _paperOf[times] = paper;
            p = _papers[paper];
            (p.opens, p.closes, p.isAtClose, p.toWeigh) = (uint32(opens), uint32(closes), isAtClose, 1);
        }
        p.bits += uint16(bits);
    }
}
